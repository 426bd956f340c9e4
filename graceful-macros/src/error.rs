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

    /// A text for each line, with what is put into it.
    macro_rules! texts {
        ($($name:ident $(($($given:ident),+))? = $text:literal;)*) => {
            $(texts!(@one $name $(($($given),+))? $text);)*
        };
        (@one $name:ident ($($given:ident),+) $text:literal) => {
            pub(crate) fn $name($($given: &str),+) -> String {
                format!($text)
            }
        };
        (@one $name:ident $text:literal) => {
            pub(crate) const $name: &str = $text;
        };
    }

    // Of keys and their values.
    texts! {
        SEMICOLON = "separate with `,` instead of `;`";
        missing_comma(key) = "a `,` is missing before `{key}`";
        duplicate(name) = "duplicate `{name}`: keep one of them";
        conflict(first, second) = "`{second}` can't stand beside `{first}`: remove one of them";
        takes(name, example) = "`{name}` takes a value: write `{example}`";
        takes_list(name, example) = "`{name}` takes a list: write `{example}`";
        takes_nothing(name) = "`{name}` takes no value: write `{name}` alone";
        no_string(example) = "expected a string, like `{example}`";
        no_boolean(example) = "expected `true` or `false`, like `{example}`";
        no_count(example) = "expected a whole number, like `{example}`";
        no_path(example) = "expected a path, like `{example}`";
        no_duration(example) = "expected a duration string, like `{example}`, or the path of a constant";
        quotes(written) = "add quotes: `\"{written}\"`";
        ZERO_TIMEOUT = "a timeout of zero leaves no time at all: remove it, or write a longer one";
        EMPTY_NAME = "a name can't be empty: write one, or remove the key";
        bug(message) = "this macro panicked, which is a bug in `graceful`: please report it, with this item ({message})";
    }

    // Of `#[derive(Shutdown)]`.
    texts! {
        NO_LIST = "expected a list in parentheses, like `#[shutdown(order = 2, timeout = \"5s\")]`";
        EMPTY_LIST = "nothing in the parentheses: write `#[shutdown]`";
        NOTHING_ON_TYPE = "`#[shutdown]` marks fields; a type takes `#[shutdown(timeout = \"25s\")]`";
        ON_VARIANT = "`#[shutdown]` belongs on the fields of a variant, not on the variant";
        UNION = "`#[derive(Shutdown)]` can't tell which field of a union is alive: use a struct or an enum";
        SHARED_ENUM = "`shared` is for a struct: derive `Clone` for an enum that others hold too";
        SHARED_TASK = "others may take a task out of a `shared` type, so it can't be `critical` here: \
            wrap its future where it is spawned, `graceful::critical(\"name\", future)`";
        FORCE_OF_LOCK = "the close takes out what the lock holds, and leaves nothing to force: \
            hold it in an `Arc`, and name two methods, `method = close, force = stop`";
        NO_AT_REQUEST = "expected a path or a closure, like `at_request = Registry::leave`, \
            or `at_request = |registry| async move { ... }`";
        AT_REQUEST_TAKES_ONE = "at the request the field is lent, and nothing else is given: write `|field|`";
        carries_the_log(carrier, line) = "`{carrier}` carries what is said of the stop, which goes on after this field's turn: \
            write `{line}`, which closes it when everything has been said";
        belongs_on_field(key) = "`{key}` belongs on a field, not on the type";
        belongs_on_type(key) = "`{key}` belongs on the type, not on a field";
        belongs_on_main(key) = "`{key}` is an option of the whole process: write it in `#[graceful::main(...)]`";
        NO_BEFORE = "there is no `before`: the field that closes later names this one, like `after(http)`";
        HOW_TO_CLOSE = "a method that closes the field is named by `method = close`, a function by `with = close`";
        bound(key) = "no `{key}` here: the types of the fields tell the bounds, \
            and what else must hold is written as a `where` of the type itself";
        nothing_is_closed(name, marks) = "nothing of `{name}` is closed: mark the fields that are to be, {marks}, \
            or write `#[shutdown(nothing)]` on the type if that is meant";
        MARKS = "with `#[shutdown]`";
        marks_of_known(line, field) = "like `{field}` with `{line}`";
        something_is_closed(field) = "`nothing` is closed here, but field `{field}` has a mark: remove one of the two";
        unmarked(field) = "field `{field}` has no mark: add `#[shutdown]`, \
            or `#[shutdown(skip)]` if there is nothing to close";
        recursive(name) = "`{name}` in itself has a plan without an end: \
            close it with `#[shutdown(with = |field, cx| async move {{ ... }})]`";
        same_name(name) = "another field is called `{name}` too: reports could not tell them apart";
        same_variable(variable, one, other) = "`GRACEFUL_TIMEOUT_{variable}` would be the limit of `{one}` as well as of \
            `{other}`: write another name";
        DOTTED_NAME = "a name can't hold a dot: reports join the names of nested fields with dots";
        NO_ORDER = "expected a whole number from 0 on, like `order = 2`";
        ORDER_TOO_LARGE = "order out of range: the largest is 4294967295";
        NO_METHOD = "expected the name of a method, like `method = close`; \
            for anything else there is `with = |field, cx| ...`";
        QUOTED_METHOD = "a method is named without quotes, like `method = close`";
        NO_CLOSER = "expected a path or a closure, like `with = |field, cx| async move { ... }`";
        CLOSER_TAKES_TWO = "a close is given the field and its `Context`: \
            write `|field, cx|`, or `|field, _|` to leave that unused";
    }

    // Of `after`.
    texts! {
        EMPTY_AFTER = "nothing to wait for: write the fields that close before this one, like `after(http)`";
        NO_FIELD = "expected the name of a field, like `after(http)`";
        quoted_field(name) = "a field is named without quotes: write `{name}`";
        after_itself(field) = "`{field}` can't wait for itself: remove it here";
        after_skipped(field) = "`{field}` says `skip`, so there is no close to wait for: close it, or remove it here";
        after_last(field) = "`{field}` is `last`, and closes after everything else: remove it here";
        after_order(field, order, own) = "`{field}` is of order {order} and this field of order {own}, so it closes no sooner: \
            change an `order`, or remove it here";
        after_unmarked(field) = "`{field}` has no mark, so there is no close to wait for: \
            add `#[shutdown]` to it, or remove it here";
        after_name_in_reports(name, field) = "`{name}` is a name for reports: write the field's own, `{field}`";
        after_lone(field) = "unknown field `{field}`: no other field is closed, so remove `after`";
        after_cfg(unknown, field) = "{unknown}; where a `cfg` takes the field away, \
            write `#[cfg_attr(..., shutdown(after({field})))]`";
        cycle(path) = "`{path}` is a cycle: leave this one out of `after`, or another of them";
        cycle_by_order(path) = "`{path}` is a cycle: leave this one out of `after`, or another of them, or change an `order`";
    }

    // Of what the expansion carries to where rustc knows the field's type.
    texts! {
        not_cloneable(name) = "`{name}` is in an `Arc`, which others may hold too, and is not `Clone`: \
            derive `Clone`, or write `#[shutdown(shared)]` on it";
        forgotten(field) = "field `{field}` can be closed and has no mark: add `#[shutdown]` to close it, \
            or `#[shutdown(skip)]` to leave it";
        forgotten_without_feature(field) = "field `{field}` can be closed with the feature `tokio-util` of \
            `graceful-app`: enable it and add `#[shutdown]`, or add `#[shutdown(skip)]` to leave the field";
        forgotten_tasks(field) = "field `{field}` holds tasks and has no mark: `#[shutdown]` can't close its type, so write \
            `#[shutdown(with = |tasks, cx| async move {{ ... }})]` to end them, `#[shutdown(drop)]` to \
            drop them in their turn, or `#[shutdown(skip)]` to leave the field";
        forgotten_child(field) = "field `{field}` holds a process and has no mark: `#[shutdown]` ends tokio's `Child`, with the \
            feature `process` of `graceful-app`; for another write `#[shutdown(with = |child, cx| async move {{ ... }})]`, \
            or `#[shutdown(skip)]` to leave the field";
        known(field, ty, line) = "field `{field}` has no mark, and `{ty}` is closed by `{line}`: \
            write that, or `#[shutdown(skip)]` to leave the field";
        known_inside(field, ty, line) = "field `{field}` has no mark, and a `{ty}` is closed by `{line}`: \
            close what the field holds with `#[shutdown(with = |field, cx| async move {{ ... }})]`, \
            or write `#[shutdown(skip)]` to leave it";
    }

    // Of `#[graceful::main]` and `#[graceful::test]`.
    texts! {
        ZERO_COUNT = "a runtime needs at least one worker: write `worker_threads = 1`";
        COUNT_TOO_LARGE = "number out of range: it must fit into a `usize`";
        of_builder(option) = "`{option}` is no option: a `main` of your own starts the runtime with \
            `graceful::Builder`, whose `configure` sets it";
        RENAMED_THREADS = "this option is now called `worker_threads`: write `worker_threads = 4`";
        renamed_flavor(flavor) = "this flavor is now called `{flavor}`: write `flavor = \"{flavor}\"`";
        flavor_as_option(flavor) = "a flavor is the value of an option: write `flavor = \"{flavor}\"`";
        needs_flavor(option, ours, flavor) = "`{option}` needs the flavor `{flavor}`: write `#[{ours}(flavor = \"{flavor}\")]`";
        NO_MULTI_THREAD = "this flavor needs the feature `rt-multi-thread` of `graceful-app`: add it, \
            or write `flavor = \"current_thread\"`";
        NO_DEFAULT_FLAVOR = "the default flavor needs the feature `rt-multi-thread` of `graceful-app`: add it, \
            or write `#[graceful::main(flavor = \"current_thread\")]`";
        option_of_main(option) = "`{option}` is an option of `#[graceful::main]` alone: a test has no signals";
        own_signal(signal) = "`{signal}` can't begin the stop: wait for it with `tokio::signal::unix`, and call `graceful::request`";
        uncatchable(signal) = "`{signal}` can't be caught, the system ends the process itself: remove it";
        PRE_STOP_ALONE = "`pre_stop` is a part of what the platform gives: write that too, like `grace = \"30s\"`";
        no_time_left(part, takes, whole, of) = "the {part} of {takes} leaves nothing of the {whole} of {of}: make it shorter";
        too_long_last_words(words, left) = "last words of {words} are more than half of the {left} that `timeout` and `delay` \
            leave: make them shorter";
        killed(timeout, given, left) = "a timeout of {timeout} is longer than the platform waits before it kills, {given}: \
            write at most `timeout = \"{left}\"`";
        NO_FUNCTION = "expected an `async fn`";
        NO_BODY = "expected a function with a body";
        NOT_ASYNC = "the `async` keyword is missing from the function declaration: write `async fn`";
        CONST = "a `const fn` can't start a runtime: remove `const`";
        UNSAFE_MAIN = "`main` can't be `unsafe`: remove the keyword";
        EXTERN_MAIN = "`main` can't have an ABI: remove `extern`";
        GENERIC_MAIN = "`main` can't have generic parameters: move its body to a function of its own";
        WHERE_MAIN = "`main` can't have a `where` clause: remove it";
        MAIN_ARGUMENTS = "`main` takes no arguments: read the command line with `std::env::args`";
        twice(ours) = "`#[{ours}]` is there twice: remove one of them";
        does_the_same(other, ours) = "`#[{other}]` does what `#[{ours}]` does already: remove one of them";
        already_expanded(above, ours) = "`#[{above}]` above has already started a runtime: remove it, and keep `#[{ours}]`";
    }

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

    pub(crate) fn malformed(written: &str, why: &Malformed<'_>) -> String {
        const UNITS: &str = "`ns`, `us`, `ms`, `s`, `m`, `h`, `d`";
        match why {
            Malformed::Empty => {
                "empty duration: write a number and a unit, like `\"5s\"`".to_owned()
            }
            Malformed::Signed => {
                let unsigned = written.trim().trim_start_matches(['-', '+']);
                format!("a duration has no sign: write `\"{unsigned}\"`")
            }
            Malformed::Fraction => {
                "a duration has no fraction: write it in a smaller unit, like `\"1500ms\"`"
                    .to_owned()
            }
            Malformed::NoNumber => {
                format!("`{written}` is no duration: write a number and a unit, like `\"5s\"`")
            }
            Malformed::NoUnit(number) => format!(
                "`{number}` has no unit: write `\"{number}s\"` for seconds, or another of {UNITS}"
            ),
            Malformed::UnknownUnit(unit) => {
                let lower_case = unit.to_lowercase();
                if parse(&format!("1{lower_case}")).is_ok() {
                    format!("unknown unit `{unit}`; did you mean `{lower_case}`?")
                } else {
                    format!("unknown unit `{unit}`; expected one of {UNITS}")
                }
            }
            Malformed::TooLong => {
                "duration too long: it must fit into 64 bits of seconds".to_owned()
            }
        }
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
