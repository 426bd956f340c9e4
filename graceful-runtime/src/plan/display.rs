//! A plan for people: a table, or a diagram.

use super::{Plan, Shape, Step, budget::in_whole_units};
use std::fmt;
use std::time::Duration;

/// A diagram of a [`Plan`], from [`Plan::mermaid`]: print it with `{}`.
#[derive(Clone, Copy, Debug)]
pub struct Mermaid(pub(super) Plan);

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
    limit: Option<Duration>,
}

fn rows(plan: &Plan, orders: &str, names: &str, rows_so_far: &mut Vec<Row>) {
    let variants = match plan.shape {
        Shape::Variants(variants) => variants,
        Shape::Leaf | Shape::Steps(_) => std::slice::from_ref(plan),
    };
    for variant in variants {
        if !std::ptr::eq(variant, plan) {
            rows_so_far.push(Row {
                order: orders.trim_end_matches('.').to_owned(),
                name: format!("({})", variant.name()),
                limit: None,
            });
        }
        for step in variant.steps() {
            let (order, name) = (
                format!("{orders}{}", step.get_order()),
                format!("{names}{}", step.name()),
            );
            rows(
                &step.get_plan(),
                &format!("{order}."),
                &format!("{name}."),
                {
                    rows_so_far.push(Row {
                        order,
                        name,
                        limit: step.declared(),
                    });
                    rows_so_far
                },
            );
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Vec::new();
        rows(self, "", "", &mut table);
        let width = table.iter().map(|row| row.name.chars().count()).max();
        let width = width.unwrap_or(0).max("field".len());
        writeln!(f, "order  {:width$}  at most", "field")?;
        for Row { order, name, limit } in &table {
            writeln!(f, "{order:<5}  {name:width$}  {}", Declared(*limit))?;
        }
        write!(f, "{:<5}  {:width$}  ", "", "total")?;
        write!(f, "{}", Declared(Some(self.critical_path())))?;
        if let Some(budget) = self.budget {
            write!(f, " of {}", Declared(Some(budget)))?;
        }
        Ok(())
    }
}

impl fmt::Display for Mermaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "flowchart LR")?;
        let variants = match self.0.shape {
            Shape::Variants(variants) => variants,
            Shape::Leaf | Shape::Steps(_) => std::slice::from_ref(&self.0),
        };
        let mut next = 0;
        for variant in variants {
            writeln!(f, "  subgraph {}", variant.name().replace("::", "."))?;
            let mut previous: Vec<usize> = Vec::new();
            for order in variant
                .steps()
                .chunk_by(|a, b| a.get_order() == b.get_order())
            {
                let first = next;
                for step in order {
                    writeln!(f, "    s{next}[\"{}\"]", Label(step))?;
                    for from in &previous {
                        writeln!(f, "    s{from} --> s{next}")?;
                    }
                    next += 1;
                }
                previous = (first..next).collect();
            }
            writeln!(f, "  end")?;
        }
        Ok(())
    }
}

struct Label<'a>(&'a Step);

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())?;
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
