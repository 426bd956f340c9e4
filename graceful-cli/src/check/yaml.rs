//! A YAML node with its place, and with merge keys followed.

use super::finding::Place;
use anyhow::bail;
use saphyr::{LoadableYamlNode as _, MarkedYaml, Scalar, YamlData};

#[derive(Clone, Copy)]
pub(super) struct Node<'a>(&'a MarkedYaml<'a>);

/// The documents of a file.
pub(super) fn documents(text: &str) -> anyhow::Result<Vec<MarkedYaml<'_>>> {
    match MarkedYaml::load_from_str(text) {
        Ok(documents) => Ok(documents),
        Err(error) => {
            let marker = error.marker();
            bail!("{}:{}: {}", marker.line(), marker.col() + 1, error.info())
        }
    }
}

impl<'a> Node<'a> {
    pub(super) fn new(node: &'a MarkedYaml<'a>) -> Self {
        Self(node)
    }

    pub(super) fn place(self) -> Place {
        let start = self.0.span.start;
        Place {
            line: start.line(),
            column: start.col() + 1,
        }
    }

    /// Each key of a mapping with its value.
    pub(super) fn entries(self) -> impl Iterator<Item = (Node<'a>, Node<'a>)> {
        let entries = match &self.0.data {
            YamlData::Mapping(mapping) => Some(mapping.iter()),
            _ => None,
        };
        entries
            .into_iter()
            .flatten()
            .map(|(key, value)| (Self(key), Self(value)))
    }

    pub(super) fn items(self) -> impl Iterator<Item = Node<'a>> {
        let items = match &self.0.data {
            YamlData::Sequence(items) => Some(items.iter()),
            _ => None,
        };
        items.into_iter().flatten().map(Self)
    }

    pub(super) fn get(self, key: &str) -> Option<Node<'a>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// A key with its value: its own, or one that is merged in.
    pub(super) fn entry(self, name: &str) -> Option<(Node<'a>, Node<'a>)> {
        let own = |name: &str| {
            self.entries()
                .find(|(key, _)| key.text().as_deref() == Some(name))
        };
        own(name).or_else(|| {
            let (_, merged) = own("<<")?;
            let mut all = std::iter::once(merged).chain(merged.items());
            all.find_map(|mapping| mapping.entry(name))
        })
    }

    /// Along several keys.
    pub(super) fn at(self, path: &[&str]) -> Option<Node<'a>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// A scalar as it is written, or would be.
    pub(super) fn text(self) -> Option<String> {
        match &self.0.data {
            YamlData::Value(Scalar::String(text)) | YamlData::Representation(text, ..) => {
                Some(text.to_string())
            }
            YamlData::Value(Scalar::Integer(number)) => Some(number.to_string()),
            YamlData::Value(Scalar::FloatingPoint(number)) => Some(number.to_string()),
            YamlData::Value(Scalar::Boolean(yes)) => Some(yes.to_string()),
            _ => None,
        }
    }

    pub(super) fn number(self) -> Option<u64> {
        self.text()?.parse().ok()
    }

    /// A list of words.
    pub(super) fn words(self) -> Vec<String> {
        self.items().filter_map(Node::text).collect()
    }
}
