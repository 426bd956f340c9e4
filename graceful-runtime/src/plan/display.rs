//! A plan for people: a table, or a diagram.

use super::budget::set_aside;
use super::text::in_whole_units;
use super::tree::{AT_REQUEST, Plan, Step};
use std::fmt::{self, Write as _};
use std::time::Duration;

/// A diagram of a [`Plan`], from [`Plan::mermaid`]: print it with `{}`.
#[derive(Clone, Copy, Debug)]
pub struct Mermaid(Plan);

impl Plan {
    /// A diagram of the plan for Markdown that renders [Mermaid](https://mermaid.js.org).
    #[must_use]
    pub const fn mermaid(self) -> Mermaid {
        Mermaid(self)
    }
}

struct Declared(Option<Duration>);

impl fmt::Display for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(limit) => {
                let (count, unit) = in_whole_units(limit);
                f.pad(&format!("{count}{unit}"))
            }
            None => f.pad("-"),
        }
    }
}

struct Row {
    order: String,
    name: String,
    limit: String,
    /// Which others it waits for by name.
    after: String,
}

impl Row {
    fn new(order: impl Into<String>, name: String, limit: Option<Duration>) -> Self {
        Self {
            order: order.into(),
            name,
            limit: Declared(limit).to_string(),
            after: String::new(),
        }
    }
}

fn rows(plan: &Plan, orders: &str, names: &str, rows_so_far: &mut Vec<Row>) {
    for variant in plan.alternatives() {
        if !std::ptr::eq(variant, plan) {
            let order = orders.strip_suffix('.').unwrap_or(orders);
            rows_so_far.push(Row::new(order, format!("({})", variant.name()), None));
        }
        for step in variant.steps() {
            let order = match step.get_order() {
                Some(order) => order.to_string(),
                None if step.is_last() => "last".to_owned(),
                None => "-".to_owned(),
            };
            let order = format!("{orders}{order}");
            let name = format!("{names}{}", step.name());
            if step.acts_at_request() {
                rows_so_far.push(Row::new("request", format!("{name}{AT_REQUEST}"), None));
            }
            let (inner_orders, inner_names) = (format!("{order}."), format!("{name}."));
            let limit = step.declared();
            let others = step.get_after().iter();
            let after: Vec<_> = others.map(|other| format!("{names}{other}")).collect();
            rows_so_far.push(Row {
                after: after.join(", "),
                ..Row::new(order, name, limit)
            });
            if step.is_forced() {
                let name = format!("{inner_names}force");
                rows_so_far.push(Row::new("force", name, limit.map(set_aside)));
            }
            rows(&step.get_plan(), &inner_orders, &inner_names, rows_so_far);
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = vec![Row {
            order: "order".to_owned(),
            name: "field".to_owned(),
            limit: "at most".to_owned(),
            after: "after".to_owned(),
        }];
        rows(self, "", "", &mut table);
        let width = |column: fn(&Row) -> &String| {
            let widths = table.iter().map(|row| column(row).chars().count());
            widths.max().unwrap_or_default()
        };
        let (orders, names) = (width(|row| &row.order), width(|row| &row.name));
        let limits = width(|row| &row.limit);
        let has_edges = table.iter().skip(1).any(|row| !row.after.is_empty());
        for row in &table {
            let Row {
                order,
                name,
                limit,
                after,
            } = row;
            write!(f, "{order:orders$}  {name:names$}  ")?;
            if has_edges && !after.is_empty() {
                writeln!(f, "{limit:limits$}  {after}")?;
            } else {
                writeln!(f, "{limit}")?;
            }
        }
        let total = Declared(Some(self.critical_path()));
        write!(f, "{:orders$}  {:names$}  {total}", "", "total")?;
        if let Some(budget) = self.budget {
            write!(f, " of {}", Declared(Some(budget.duration())))?;
        }
        Ok(())
    }
}

/// In one line: `jobs: order 1, after http, at most 5s`.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        if let Some(order) = self.get_order() {
            words.push(format!("order {order}"));
        }
        if self.is_last() {
            words.push("last".to_owned());
        }
        if !self.get_after().is_empty() {
            words.push(format!("after {}", self.get_after().join(" and ")));
        }
        if self.acts_at_request() {
            words.push("also at the request".to_owned());
        }
        if let Some(limit) = self.declared() {
            words.push(format!("at most {}", Declared(Some(limit))));
        }
        if self.is_forced() {
            words.push("then by force".to_owned());
        }
        write!(f, "{}: {}", self.name(), words.join(", "))
    }
}

impl fmt::Display for Mermaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "flowchart LR")?;
        let mut number = 0;
        for variant in self.0.alternatives() {
            writeln!(f, "  subgraph {}", variant.name().replace("::", "."))?;
            diagram(f, variant.steps(), number)?;
            writeln!(f, "  end")?;
            number += variant.steps().len();
        }
        Ok(())
    }
}

/// One body's steps, the first of which has the number `first`.
fn diagram(f: &mut fmt::Formatter<'_>, steps: &[Step], first: usize) -> fmt::Result {
    let mut order = None;
    // Of the order before, and of this one.
    let (mut previous, mut current) = (Vec::new(), Vec::new());
    for (place, step) in steps.iter().enumerate() {
        let number = first + place;
        writeln!(f, "    s{number}[\"{}\"]", Label(step))?;
        let own = step.get_order();
        if step.is_last() {
            // Behind the last order, or behind the last word before.
            for before in std::mem::replace(&mut current, vec![number]) {
                writeln!(f, "    s{before} --> s{number}")?;
            }
        }
        if own.is_some() {
            if own != order {
                order = own;
                previous = std::mem::take(&mut current);
            }
            current.push(number);
            for before in &previous {
                writeln!(f, "    s{before} --> s{number}")?;
            }
        }
        for before in step.waits_for(steps, place) {
            // Between two orders the arrow is there already, or a path of them.
            if own.is_none() || steps[before].get_order().is_none() {
                writeln!(f, "    s{} --> s{number}", first + before)?;
            }
        }
    }
    Ok(())
}

struct Label<'a>(&'a Step);

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.name().chars() {
            match letter {
                '"' => f.write_str("#quot;")?,
                letter => f.write_char(letter)?,
            }
        }
        match self.0.declared() {
            Some(limit) => write!(f, " {}", Declared(Some(limit))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INNER: Plan = Plan::new(
        "Inner",
        &[Step::new("flush").timeout(Duration::from_secs(1))],
    );
    const PLAN: Plan = Plan::new(
        "App",
        &[
            Step::new("http").timeout(Duration::from_secs(10)),
            Step::new("kafka").order(1).plan(INNER),
            Step::new("db").order(1),
        ],
    )
    .budget(Duration::from_secs(25));

    const EDGES: Plan = Plan::new(
        "App",
        &[
            Step::new("http").timeout(Duration::from_secs(10)),
            Step::new("audit").after(&["http"]),
            Step::new("nats").order(1).after(&["http"]),
            Step::new("db").order(2).after(&["audit", "nats"]),
            Step::new("inner").after(&["db"]).plan(INNER),
        ],
    );

    #[test]
    fn a_step_is_one_line() {
        let lines: Vec<String> = EDGES.steps().iter().map(Step::to_string).collect();
        assert_eq!(
            lines,
            [
                "http: order 0, at most 10s",
                "audit: after http",
                "nats: order 1, after http",
                "db: order 2, after audit and nats",
                "inner: after db, at most 1s",
            ]
        );
    }

    #[test]
    fn edges_are_in_the_table_and_in_the_diagram() {
        assert_eq!(
            EDGES.to_string(),
            "\
order  field        at most  after
0      http         10s
-      audit        -        http
1      nats         -        http
2      db           -        audit, nats
-      inner        1s       db
-.0    inner.flush  1s
       total        11s"
        );
        assert_eq!(
            EDGES.mermaid().to_string(),
            "\
flowchart LR
  subgraph App
    s0[\"http 10s\"]
    s1[\"audit\"]
    s0 --> s1
    s2[\"nats\"]
    s0 --> s2
    s3[\"db\"]
    s2 --> s3
    s1 --> s3
    s4[\"inner 1s\"]
    s3 --> s4
  end
"
        );
    }

    #[test]
    fn a_plan_prints_as_a_table() {
        assert_eq!(
            PLAN.to_string(),
            "\
order  field        at most
0      http         10s
1      kafka        1s
1.0    kafka.flush  1s
1      db           -
       total        11s of 25s"
        );
    }

    #[test]
    fn what_is_forced_has_a_row_for_that() {
        const FORCED: Plan = Plan::new(
            "App",
            &[Step::new("grpc").force().timeout(Duration::from_secs(5))],
        );
        let line = "grpc: order 0, at most 5s, then by force";
        assert_eq!(FORCED.steps()[0].to_string(), line);
        assert_eq!(
            FORCED.to_string(),
            "\
order  field       at most
0      grpc        5s
force  grpc.force  1s
       total       5s"
        );
    }

    #[test]
    fn what_is_done_at_the_request_has_a_row() {
        const REQUEST: Plan = Plan::new(
            "App",
            &[Step::new("registry")
                .at_request()
                .timeout(Duration::from_secs(2))],
        );
        let line = "registry: order 0, also at the request, at most 2s";
        assert_eq!(REQUEST.steps()[0].to_string(), line);
        assert_eq!(
            REQUEST.to_string(),
            "\
order    field                at most
request  registry.at_request  -
0        registry             2s
         total                2s"
        );
    }

    #[test]
    fn last_words_stand_behind_everything() {
        const LAST: Plan = Plan::new(
            "App",
            &[
                Step::new("db").timeout(Duration::from_secs(2)),
                Step::new("spans").last(),
                Step::new("logs").last(),
            ],
        );
        assert_eq!(LAST.steps()[1].to_string(), "spans: last");
        assert_eq!(
            LAST.to_string(),
            "\
order  field  at most
0      db     2s
last   spans  -
last   logs   -
       total  2s"
        );
        assert_eq!(
            LAST.mermaid().to_string(),
            "\
flowchart LR
  subgraph App
    s0[\"db 2s\"]
    s1[\"spans\"]
    s0 --> s1
    s2[\"logs\"]
    s1 --> s2
  end
"
        );
    }

    #[test]
    fn a_plan_prints_as_a_diagram() {
        assert_eq!(
            PLAN.mermaid().to_string(),
            "\
flowchart LR
  subgraph App
    s0[\"http 10s\"]
    s1[\"kafka 1s\"]
    s0 --> s1
    s2[\"db\"]
    s0 --> s2
  end
"
        );
    }
}
