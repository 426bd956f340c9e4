//! Collects mistakes so that one compilation reports them all, and holds every text that a user may see.

#[cfg(test)]
use crate::tests::deletions;
use proc_macro2::TokenStream;
use quote::ToTokens;

/// Must end in [`Errors::check`]: a mistake that is found and then lost would compile.
#[derive(Default)]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
    checked: bool,
}

impl Errors {
    #[cfg_attr(test, track_caller)]
    pub(crate) fn push(&mut self, tokens: &impl ToTokens, text: &str) {
        self.push_syn(mistake(tokens, text));
    }

    #[cfg_attr(test, track_caller)]
    pub(crate) fn push_syn(&mut self, error: syn::Error) {
        #[cfg(test)]
        if deletions::is_here() || deletions::is_one(&error) {
            return;
        }
        #[cfg(test)]
        tests::assert_style(&error.to_string());
        self.found.push(error);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// One `compile_error!` for each mistake, in the order they were found; nothing where there is none.
    #[must_use]
    pub(crate) fn check(mut self) -> TokenStream {
        self.checked = true;
        self.found
            .iter()
            .map(syn::Error::to_compile_error)
            .collect()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        debug_assert!(
            self.checked || std::thread::panicking(),
            "mistakes were collected and never reported"
        );
    }
}

#[cfg_attr(test, track_caller)]
pub(crate) fn mistake(tokens: &impl ToTokens, text: &str) -> syn::Error {
    #[cfg(test)]
    if deletions::is_here() {
        return deletions::one();
    }
    syn::Error::new_spanned(tokens, text)
}

/// Lower case, code in backticks, no final full stop, and what to write instead.
pub(crate) mod text {
    use crate::duration::{Malformed, parse};
    use crate::kind::Kind;

    pub(crate) const SEMICOLON: &str = "separate with `,` instead of `;`";

    fn all(names: &[&str]) -> String {
        let all: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        all.join(", ")
    }

    pub(crate) fn no_key(noun: &str, names: &[&str]) -> String {
        format!("expected a {noun}: one of {}", all(names))
    }

    pub(crate) fn unknown(
        noun: &str,
        written: &str,
        similar: Option<&str>,
        names: &[&str],
    ) -> String {
        match similar {
            Some(similar) => format!("unknown {noun} `{written}`; did you mean `{similar}`?"),
            None => format!("unknown {noun} `{written}`; expected one of {}", all(names)),
        }
    }

    pub(crate) fn duplicate(name: &str) -> String {
        format!("duplicate `{name}`: keep one of them")
    }

    pub(crate) fn takes(name: &str, example: &str) -> String {
        format!("`{name}` takes a value: write `{example}`")
    }

    pub(crate) fn takes_list(name: &str, example: &str) -> String {
        format!("`{name}` takes a list: write `{example}`")
    }

    pub(crate) fn takes_nothing(name: &str) -> String {
        format!("`{name}` takes no value: write `{name}` alone")
    }

    pub(crate) fn bug(message: &str) -> String {
        format!(
            "this macro panicked, which is a bug in `graceful`: please report it, with this item ({message})"
        )
    }

    // Values.

    pub(crate) fn no_duration(example: &str) -> String {
        format!("expected a duration string, like `{example}`")
    }

    /// `whole` is the same without a fraction, where there is one.
    pub(crate) fn malformed(written: &str, why: &Malformed<'_>, whole: Option<String>) -> String {
        const UNITS: &str = "`ns`, `us`, `ms`, `s`, `m`, `h`, `d`";
        match (why, whole) {
            (Malformed::Empty, _) => {
                "empty duration: write a number and a unit, like `\"5s\"`".to_owned()
            }
            (Malformed::Signed, _) => format!(
                "a duration has no sign: write `\"{}\"`",
                written.trim().trim_start_matches(['-', '+'])
            ),
            (Malformed::Fraction, Some(whole)) => {
                format!("a duration has no fraction: write `\"{whole}\"`")
            }
            (Malformed::Fraction, None) => {
                "a duration has no fraction: write it in a smaller unit, like `\"1500ms\"`"
                    .to_owned()
            }
            (Malformed::NoNumber, _) => {
                format!("`{written}` is no duration: write a number and a unit, like `\"5s\"`")
            }
            (Malformed::NoUnit(number), _) => format!(
                "`{number}` has no unit: write `\"{number}s\"` for seconds, or another of {UNITS}"
            ),
            (Malformed::UnknownUnit(unit), _) => {
                let lower_case = unit.to_lowercase();
                if parse(&format!("1{lower_case}")).is_ok() {
                    format!("unknown unit `{unit}`; did you mean `{lower_case}`?")
                } else {
                    format!("unknown unit `{unit}`; expected one of {UNITS}")
                }
            }
            (Malformed::TooLong, _) => {
                "duration too long: it must fit into 64 bits of seconds".to_owned()
            }
        }
    }

    pub(crate) const ZERO_TIMEOUT: &str =
        "a timeout of zero leaves no time at all: remove it, or write a longer one";

    pub(crate) const NO_ORDER: &str = "expected a whole number, like `order = 2`";
    pub(crate) const NEGATIVE_ORDER: &str = "orders start at 0: renumber the fields";
    pub(crate) const ORDER_TOO_LARGE: &str = "order out of range: the largest is 4294967295";

    pub(crate) fn suffix(number: &str) -> String {
        format!("remove the suffix: write `{number}`")
    }

    pub(crate) fn no_string(example: &str) -> String {
        format!("expected a string, like `{example}`")
    }

    pub(crate) fn quotes(written: &str) -> String {
        format!("add quotes: `\"{written}\"`")
    }

    pub(crate) const EMPTY_NAME: &str = "a name can't be empty: write one, or remove the key";
    pub(crate) const DOTTED_NAME: &str =
        "a name can't hold a dot: reports join the names of nested fields with dots";

    pub(crate) fn no_path(example: &str) -> String {
        format!("expected a path, like `{example}`")
    }

    pub(crate) const NO_METHOD: &str = "expected the name of a method, like `method = close`; \
        for anything else there is `with = |field, cx| ...`";
    pub(crate) fn method_with_arguments(call: &str) -> String {
        format!(
            "a method with arguments is called by `with`: \
            write `with = |field, _| async move {{ field.{call}.await }}`"
        )
    }

    pub(crate) const QUOTED_METHOD: &str =
        "a method is named without quotes, like `method = close`";
    pub(crate) const NO_CLOSER: &str =
        "expected a path or a closure, like `with = |field, cx| async move { ... }`";
    pub(crate) const CLOSER_TAKES_TWO: &str = "a close is given the field and its `Context`: write `|field, cx|`, or `|field, _|` to leave that unused";

    // `#[derive(Shutdown)]`.

    pub(crate) const NO_LIST: &str =
        "expected a list in parentheses, like `#[shutdown(order = 2, timeout = \"5s\")]`";
    pub(crate) const EMPTY_LIST: &str = "nothing in the parentheses: write `#[shutdown]`";
    pub(crate) const NOTHING_ON_TYPE: &str =
        "`#[shutdown]` marks fields; a type takes `#[shutdown(timeout = \"25s\")]`";
    pub(crate) const ON_VARIANT: &str =
        "`#[shutdown]` belongs on the fields of a variant, not on the variant";
    pub(crate) const UNION: &str =
        "`#[derive(Shutdown)]` can't tell which field of a union is alive: use a struct or an enum";

    pub(crate) fn nothing_is_closed(name: &str) -> String {
        format!(
            "nothing of `{name}` is closed: mark the fields that are to be, with `#[shutdown]`, \
            or write `#[shutdown(nothing)]` on the type if that is meant"
        )
    }

    pub(crate) fn something_is_closed(field: &str) -> String {
        format!("`nothing` is closed here, but field `{field}` has a mark: remove one of the two")
    }

    pub(crate) fn recursive(name: &str) -> String {
        format!(
            "`{name}` in itself has a plan without an end: close it with \
            `#[shutdown(with = |field, cx| async move {{ ... }})]`"
        )
    }

    pub(crate) fn belongs_on_field(key: &str) -> String {
        format!("`{key}` belongs on a field, not on the type")
    }

    pub(crate) fn belongs_on_type(key: &str) -> String {
        format!("`{key}` belongs on the type, not on a field")
    }

    pub(crate) fn bound(key: &str) -> String {
        format!(
            "no `{key}` here: the types of the fields tell the bounds, \
            and what else must hold is written as a `where` of the type itself"
        )
    }

    pub(crate) fn conflict(first: &str, second: &str) -> String {
        format!("`{second}` can't stand beside `{first}`: remove one of them")
    }

    // `after`.

    pub(crate) const EMPTY_AFTER: &str =
        "nothing to wait for: write the fields that close before this one, like `after(http)`";
    pub(crate) const NO_FIELD: &str = "expected the name of a field, like `after(http)`";

    pub(crate) fn quoted_field(name: &str) -> String {
        format!("a field is named without quotes: write `{name}`")
    }

    pub(crate) fn after_itself(field: &str) -> String {
        format!("`{field}` can't wait for itself: remove it here")
    }

    pub(crate) fn after_order(field: &str, order: u32, own: u32) -> String {
        let closes = if order == own {
            "closes at the same time"
        } else {
            "closes later"
        };
        format!(
            "`{field}` is of order {order} and this field of order {own}, so it {closes}: \
            change an `order`, or remove it here"
        )
    }

    pub(crate) fn after_unclosed(field: &str, skip: bool) -> String {
        if skip {
            format!(
                "`{field}` says `skip`, so there is no close to wait for: close it, or remove it here"
            )
        } else {
            format!(
                "`{field}` has no mark, so there is no close to wait for: \
                add `#[shutdown]` to it, or remove it here"
            )
        }
    }

    pub(crate) fn after_name_in_reports(name: &str, field: &str) -> String {
        format!("`{name}` is a name for reports: write the field's own, `{field}`")
    }

    pub(crate) fn unknown_field(written: &str, similar: Option<&str>, others: &[&str]) -> String {
        if others.is_empty() {
            return format!(
                "unknown field `{written}`: no other field is closed, so remove `after`"
            );
        }
        let text = unknown("field", written, similar, others);
        match similar {
            Some(_) => text,
            None => format!(
                "{text}; where a `cfg` takes the field away, \
                write `#[cfg_attr(..., shutdown(after({written})))]`"
            ),
        }
    }

    pub(crate) fn cycle(path: &str, by_order: bool) -> String {
        let or = if by_order {
            ", or change an `order`"
        } else {
            ""
        };
        format!("`{path}` is a cycle: leave this one out of `after`, or another of them{or}")
    }

    pub(crate) fn same_name(name: &str) -> String {
        format!("another field is called `{name}` too: reports could not tell them apart")
    }

    pub(crate) const SHARED_ENUM: &str =
        "`shared` is for a struct: derive `Clone` for an enum that others hold too";

    pub(crate) const SHARED_TASK: &str = "others may take a task out of a `shared` type, so it can't be `critical` \
        here: wrap its future where it is spawned, `graceful::critical(\"name\", future)`";

    pub(crate) fn unmarked(field: &str) -> String {
        format!(
            "field `{field}` has no mark: add `#[shutdown]`, \
            or `#[shutdown(skip)]` if there is nothing to close"
        )
    }

    /// Not reported by the macro either.
    pub(crate) fn not_cloneable(name: &str) -> String {
        format!(
            "`{name}` is in an `Arc`, which others may hold too, and is not `Clone`: \
            derive `Clone`, or write `#[shutdown(shared)]` on it"
        )
    }

    /// Not reported by the macro: the expansion carries it to where rustc knows the field's type.
    pub(crate) fn forgotten(field: &str) -> String {
        format!(
            "field `{field}` can be closed and has no mark: add `#[shutdown]` to close it, \
            or `#[shutdown(skip)]` to leave it"
        )
    }

    /// As above, where the runtime was built without what closes it.
    pub(crate) fn forgotten_without_feature(field: &str) -> String {
        format!(
            "field `{field}` can be closed with the feature `tokio-util` of `graceful-app`: enable \
            it and add `#[shutdown]`, or add `#[shutdown(skip)]` to leave the field"
        )
    }

    /// As above, where nothing closes its type.
    pub(crate) fn forgotten_tasks(field: &str) -> String {
        format!(
            "field `{field}` holds tasks and has no mark: `#[shutdown]` can't close its type, so write \
            `#[shutdown(with = |tasks, cx| async move {{ ... }})]` to end them, `#[shutdown(drop)]` to \
            drop them in their turn, or `#[shutdown(skip)]` to leave the field"
        )
    }

    // `#[graceful::main]` and `#[graceful::test]`.

    pub(crate) fn no_boolean(example: &str) -> String {
        format!("expected `true` or `false`, like `{example}`")
    }

    pub(crate) fn no_count(example: &str) -> String {
        format!("expected a whole number, like `{example}`")
    }

    pub(crate) const ZERO_COUNT: &str =
        "a runtime needs at least one worker: write `worker_threads = 1`";
    pub(crate) const COUNT_TOO_LARGE: &str = "number out of range: it must fit into a `usize`";

    pub(crate) fn renamed_flavor(flavor: &str) -> String {
        format!("this flavor is now called `{flavor}`: write `flavor = \"{flavor}\"`")
    }

    pub(crate) fn flavor_as_option(flavor: &str) -> String {
        format!("a flavor is the value of an option: write `flavor = \"{flavor}\"`")
    }

    pub(crate) const RENAMED_THREADS: &str =
        "this option is now called `worker_threads`: write `worker_threads = 4`";

    pub(crate) fn option_of_main(option: &str) -> String {
        format!("`{option}` is an option of `#[graceful::main]` alone: a test has no signals")
    }

    pub(crate) const PRE_STOP_ALONE: &str = "`pre_stop` is a part of what the platform gives: \
        write that too, like `grace = \"30s\"`";

    pub(crate) fn no_time_left(part: &str, takes: &str, whole: &str, of: &str) -> String {
        format!("the {part} of {takes} leaves nothing of the {whole} of {of}: make it shorter")
    }

    /// `given` is a duration, or how it is reckoned.
    pub(crate) fn killed(timeout: &str, by_default: bool, given: &str, left: &str) -> String {
        let of = if by_default { ", the default, " } else { " " };
        format!(
            "a timeout of {timeout}{of}is longer than the platform waits before it kills, {given}: \
            write at most `timeout = \"{left}\"`"
        )
    }

    pub(crate) fn belongs_on_main(key: &str) -> String {
        format!(
            "`{key}` is what the platform gives to the whole process: write it in `#[graceful::main({key} = \"...\")]`"
        )
    }

    pub(crate) fn uncatchable(signal: &str) -> String {
        format!("`{signal}` can't be caught, the system ends the process itself: remove it")
    }

    pub(crate) fn needs_flavor(option: &str, kind: Kind, flavor: &str) -> String {
        format!(
            "`{option}` needs the flavor `{flavor}`: write `#[{}(flavor = \"{flavor}\")]`",
            kind.attribute()
        )
    }

    pub(crate) const NO_MULTI_THREAD: &str = "this flavor needs the feature `rt-multi-thread` of `graceful-app`: add it, \
        or write `flavor = \"current_thread\"`";
    pub(crate) const NO_DEFAULT_FLAVOR: &str = "the default flavor needs the feature `rt-multi-thread` of `graceful-app`: add it, \
        or write `#[graceful::main(flavor = \"current_thread\")]`";

    pub(crate) const NO_FUNCTION: &str = "expected an `async fn`";
    pub(crate) const NO_BODY: &str = "expected a function with a body";
    pub(crate) const NOT_ASYNC: &str =
        "the `async` keyword is missing from the function declaration: write `async fn`";
    pub(crate) const CONST: &str = "a `const fn` can't start a runtime: remove `const`";
    pub(crate) const UNSAFE_MAIN: &str = "`main` can't be `unsafe`: remove the keyword";
    pub(crate) const EXTERN_MAIN: &str = "`main` can't have an ABI: remove `extern`";
    pub(crate) const GENERIC_MAIN: &str =
        "`main` can't have generic parameters: move its body to a function of its own";
    pub(crate) const WHERE_MAIN: &str = "`main` can't have a `where` clause: remove it";
    pub(crate) const MAIN_ARGUMENTS: &str =
        "`main` takes no arguments: read the command line with `std::env::args`";

    pub(crate) fn second_attribute(other: &str, kind: Kind) -> String {
        let ours = kind.attribute();
        if other == ours {
            format!("`#[{ours}]` is there twice: remove one of them")
        } else {
            format!("`#[{other}]` does what `#[{ours}]` does already: remove one of them")
        }
    }

    pub(crate) fn already_expanded(runtime: &str, kind: Kind) -> String {
        let ours = kind.attribute();
        let theirs = match kind {
            Kind::Main => "main",
            Kind::Test => "test",
        };
        format!(
            "`#[{runtime}::{theirs}]` above has already started a runtime: remove it, and keep `#[{ours}]`"
        )
    }
}

#[cfg(test)]
mod tests {
    pub(super) fn assert_style(text: &str) {
        let first = text.chars().next();
        assert!(
            first.is_some_and(|c| c.is_lowercase() || c == '`'),
            "must begin in lower case: {text}"
        );
        assert!(
            !text.ends_with('.') || text.ends_with("..."),
            "must not end in a full stop: {text}"
        );
        assert!(
            text.matches('`').count() % 2 == 0,
            "unbalanced backticks: {text}"
        );
        assert!(!text.contains("  "), "two spaces: {text}");
    }
}
