//! The guide: every block of it is a program, compiled as a test, and run where it ends by itself.

#[cfg(test)]
mod pages;

#[cfg(test)]
mod tests {
    use std::path::Path;

    fn files(folder: &Path, found: &mut Vec<String>, root: &Path) {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            if name == "tests" {
                continue;
            }
            if path.is_dir() {
                files(&path, found, root);
            } else {
                found.push(name.to_owned());
            }
        }
    }

    /// By its whole path, or by what is behind the folder that its section is named after.
    #[test]
    fn the_architecture_names_every_file_of_the_runtime() {
        let page = include_str!("architecture.md");
        let root = Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../graceful-runtime/src"
        ));
        let mut found = Vec::new();
        files(root, &mut found, root);
        let is_named = |file: &String| {
            let in_its_section = file.split_once('/').is_some_and(|(folder, rest)| {
                let section = page
                    .split("\n### ")
                    .find(|section| section.starts_with(&format!("`{folder}/`")));
                section.is_some_and(|section| section.contains(&format!("`{rest}`")))
            });
            in_its_section || page.contains(&format!("`{file}`"))
        };
        let missing: Vec<_> = found.iter().filter(|file| !is_named(file)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        let files = page.split('`').filter(|word| {
            Path::new(word).extension().is_some_and(|it| it == "rs") && !word.contains(' ')
        });
        let gone: Vec<_> = files
            .filter(|file| !found.iter().any(|there| there.ends_with(file)) && *file != "error.rs")
            .collect();
        assert!(gone.is_empty(), "{gone:?}");
    }
}

#[cfg(doctest)]
mod blocks {
    /// Their pages are re-exported by the facade, and are no part of the guide. No warning comes from what they write.
    #[doc(test(attr(allow(dead_code), deny(warnings))))]
    mod macros {
        #[doc = include_str!("../graceful-macros/docs/main.md")]
        mod main {}
        #[doc = include_str!("../graceful-macros/docs/test.md")]
        mod test {}
        #[doc = include_str!("../graceful-macros/docs/shutdown.md")]
        mod shutdown {}
    }
    #[doc = include_str!("cli.md")]
    mod cli {}
    #[doc = include_str!("grpc.md")]
    mod grpc {}
    #[doc = include_str!("health.md")]
    mod health {}
    #[doc = include_str!("http.md")]
    mod http {}
    #[doc = include_str!("websockets.md")]
    mod websockets {}
    #[doc = include_str!("operations/report.md")]
    mod report {}
    #[doc = include_str!("operations/metrics.md")]
    mod metrics {}
    #[cfg(target_os = "linux")]
    #[doc = include_str!("operations/systemd.md")]
    mod systemd {}
    #[doc = include_str!("migration.md")]
    mod by_hand {}
    #[doc = include_str!("migration/servers.md")]
    mod servers {}
    #[doc = include_str!("migration/crates.md")]
    mod crates {}
    #[doc = include_str!("migration/shapes.md")]
    mod shapes {}
    #[doc = include_str!("migration/parts.md")]
    mod parts {}
    #[doc = include_str!("orders.md")]
    mod orders {}
    #[doc = include_str!("moments.md")]
    mod moments {}
    #[doc = include_str!("blocking.md")]
    mod blocking {}
    #[doc = include_str!("batch.md")]
    mod batch {}
    #[doc = include_str!("start-up.md")]
    mod start_up {}
    #[doc = include_str!("libraries.md")]
    mod libraries {}
    #[doc = include_str!("consumers.md")]
    mod consumers {}
    #[doc = include_str!("adapters.md")]
    mod adapters {}
    #[doc = include_str!("testing.md")]
    mod testing {}
}
