//! What one file says of others: its `use`s, and the paths in its code.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::UseTree;

/// Of a path: `["plan", "tree", "Plan"]`. A module is the path to it, from the package's root.
pub(super) type Names = Vec<String>;

pub(super) struct Source {
    /// From `src/`.
    pub(super) file: String,
    pub(super) uses: Vec<Use>,
    /// Every path, and each name that stands alone, with the module that it stands in.
    pub(super) paths: Vec<(Names, Names)>,
}

/// One name that a `use` brings in.
pub(super) struct Use {
    pub(super) module: Names,
    pub(super) path: Names,
    pub(super) alias: String,
    pub(super) is_reexport: bool,
}

impl Source {
    /// Without what only tests are compiled with.
    pub(super) fn of(file: String, text: &str) -> Self {
        let mut source = Self {
            file,
            uses: Vec::new(),
            paths: Vec::new(),
        };
        let module = source.module();
        source.read(text.parse().unwrap(), &module);
        source
    }

    /// The module that the file is.
    pub(super) fn module(&self) -> Names {
        let names = self.file.trim_end_matches(".rs").split('/');
        let mut module: Names = names.map(str::to_owned).collect();
        if let Some("mod" | "lib" | "main") = module.last().map(String::as_str) {
            module.pop();
        }
        module
    }

    /// Code that stands in `module`.
    fn read(&mut self, tokens: TokenStream, module: &Names) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = self.read_at(&tokens, at, module);
        }
    }

    /// Reads what begins at `at`; where the next begins.
    fn read_at(&mut self, tokens: &[TokenTree], at: usize, module: &Names) -> usize {
        match &tokens[at] {
            TokenTree::Punct(punct) if punct.as_char() == '#' => behind_attribute(tokens, at),
            TokenTree::Punct(_) | TokenTree::Literal(_) => at + 1,
            TokenTree::Group(group) => {
                self.read(group.stream(), module);
                at + 1
            }
            TokenTree::Ident(word) if word == "use" => self.read_use(tokens, at, module),
            TokenTree::Ident(word) if word == "mod" => {
                let inner = [&module[..], &[tokens[at + 1].to_string()]].concat();
                if let TokenTree::Group(group) = &tokens[at + 2] {
                    self.read(group.stream(), &inner);
                }
                at + 3
            }
            // Its name is its own.
            TokenTree::Ident(word) if word == "fn" => at + 2,
            TokenTree::Ident(_) => {
                let path = path(tokens, at);
                let next = at + 3 * path.len() - 2;
                // A method's name is none of the file's.
                if at == 0 || !is(tokens, at - 1, ".") {
                    self.paths.push((module.clone(), path));
                }
                next
            }
        }
    }

    fn read_use(&mut self, tokens: &[TokenTree], at: usize, module: &Names) -> usize {
        let end = (at..tokens.len()).find(|at| is(tokens, *at, ";"));
        let tree = end.map(|end| tokens[at + 1..end].iter().cloned().collect());
        // `use<'a>` stands behind `impl Trait`.
        let (Some(end), Some(Ok(tree))) = (end, tree.map(syn::parse2::<UseTree>)) else {
            return at + 1;
        };
        // `pub use`, or `pub(crate) use`
        let is_pub = |back| at >= back && is(tokens, at - back, "pub");
        let is_reexport = is_pub(1) || is_pub(2);
        self.add(&tree, module, is_reexport, Vec::new());
        end + 1
    }

    fn add(&mut self, tree: &UseTree, module: &Names, is_reexport: bool, mut path: Names) {
        let (name, alias) = match tree {
            UseTree::Path(tree) => {
                path.push(tree.ident.to_string());
                return self.add(&tree.tree, module, is_reexport, path);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add(tree, module, is_reexport, path.clone());
                }
                return;
            }
            UseTree::Name(tree) => (tree.ident.to_string(), tree.ident.to_string()),
            UseTree::Rename(tree) => (tree.ident.to_string(), tree.rename.to_string()),
            UseTree::Glob(_) => ("self".to_owned(), "*".to_owned()),
        };
        if name != "self" {
            path.push(name);
        }
        let alias = match (&*alias, path.last()) {
            ("self", Some(last)) => last.clone(),
            _ => alias,
        };
        self.uses.push(Use {
            module: module.clone(),
            path,
            alias,
            is_reexport,
        });
    }
}

/// The names from `at` on that `::` joins.
fn path(tokens: &[TokenTree], mut at: usize) -> Names {
    let mut path = vec![tokens[at].to_string()];
    while is(tokens, at + 1, ":") && is(tokens, at + 2, ":") {
        let Some(TokenTree::Ident(next)) = tokens.get(at + 3) else {
            break;
        };
        path.push(next.to_string());
        at += 3;
    }
    path
}

fn is(tokens: &[TokenTree], at: usize, text: &str) -> bool {
    tokens
        .get(at)
        .is_some_and(|token| token.to_string() == text)
}

/// Behind the attribute that begins at `at`, and behind its item where only tests have that.
fn behind_attribute(tokens: &[TokenTree], at: usize) -> usize {
    let body = if is(tokens, at + 1, "!") {
        at + 2
    } else {
        at + 1
    };
    let text = tokens[body].to_string();
    if text.contains("cfg") && text.contains("(test") {
        behind_item(tokens, body + 1)
    } else {
        body + 1
    }
}

/// Behind the item that begins at `at`: what ends it is a semicolon, or its body.
fn behind_item(tokens: &[TokenTree], at: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    let end = (at..tokens.len()).find(|at| ends(&tokens[*at]));
    end.map_or(tokens.len(), |end| end + 1)
}
