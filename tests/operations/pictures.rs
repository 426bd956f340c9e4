//! The report as text, JSON, diagram and page: files that were looked at, and the page in a real browser.

use crate::golden::assert_golden;
use graceful::testing::{Fault, run};
use graceful::{Context, Report, Result, Shutdown, Tracker};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// Takes its time.
struct Takes(u64);

impl Shutdown for Takes {
    async fn shutdown(self, cx: Context) -> Result {
        cx.progress("sent 3 of 10");
        sleep(Duration::from_millis(self.0)).await;
        Ok(())
    }
}

#[derive(graceful::Shutdown)]
#[shutdown(timeout = "22s")]
struct App {
    #[shutdown(timeout = "10s")]
    http: Takes,
    #[shutdown(timeout = "3s")]
    sagas: Tracker,
    #[shutdown]
    brokers: Brokers,
    #[shutdown(timeout = "2s")]
    db: Takes,
    #[shutdown(timeout = "1s")]
    cache: Option<Takes>,
    #[shutdown(timeout = "1s")]
    admin: Takes,
}

#[derive(graceful::Shutdown)]
struct Brokers {
    #[shutdown(order = 0, timeout = "4s")]
    nats: Takes,
    #[shutdown(order = 0, timeout = "2s")]
    kafka: Takes,
}

/// In paused time, so that each number is the same each time.
fn report() -> Arc<Report> {
    let app = async || App {
        http: Takes(1250),
        sagas: Tracker::new(),
        brokers: Brokers {
            nats: Takes(700),
            kafka: Takes(1800),
        },
        db: Takes(40),
        cache: None,
        admin: Takes(5),
    };
    run(app)
        .fault("sagas", Fault::Slow(Duration::from_millis(300)))
        .fault("brokers.nats", Fault::Hang)
        .fault("db", Fault::Fail("<b>lost</b> & \"gone\""))
        .report()
}

#[test]
fn the_report_is_written_as_it_is_on_file() {
    let report = report();
    assert_golden("report.txt", &format!("{report}\n"));
    assert_golden("report.mmd", &graceful::timeline::mermaid(&report));
    assert_golden("report.html", &graceful::timeline::html(&report));
    // Straight to text: a `Value` has its fields in an order that features of other packages change.
    let json = serde_json::to_string_pretty(&*report).expect("it is JSON");
    let lines = json.lines().map(|line| match line.split_once(": ") {
        // The one value that is another each time.
        Some((field, value)) if field == "  \"began_unix_ms\"" => {
            assert!(value.trim_end_matches(',').parse::<f64>().is_ok(), "{line}");
            format!("{field}: null,\n")
        }
        _ => format!("{line}\n"),
    });
    assert_golden("report.json", &lines.collect::<String>());
}

#[test]
fn text_of_the_users_can_t_break_out_of_the_page() {
    let report = report();
    let page = graceful::timeline::html(&report);
    let escaped = "&lt;b&gt;lost&lt;/b&gt; &amp; &quot;gone&quot;";
    assert!(page.contains(escaped), "{page}");
    assert!(!page.contains("<b>lost"), "{page}");
    // Nothing from elsewhere.
    for word in ["<script", "http://", "https://", "url("] {
        assert!(!page.contains(word), "{word}");
    }
}

/// How many pixels have this colour.
fn count(pixels: &[u8], colour: [u8; 3]) -> usize {
    let near = |pixel: &[u8]| pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) <= 6);
    pixels.chunks(4).filter(|pixel| near(&pixel[..3])).count()
}

/// Takes a picture of the page, which stays in the target folder to be looked at.
#[test]
fn a_browser_shows_the_page() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("timeline");
    std::fs::create_dir_all(&folder).expect("a folder");
    let (page, picture) = (folder.join("report.html"), folder.join("report.png"));
    std::fs::write(&page, graceful::timeline::html(&report())).expect("it can be written");
    drop(std::fs::remove_file(&picture));
    let profile = tempfile::tempdir().expect("a folder");
    let browser = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
        ])
        .args([
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--window-size=1100,900",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--screenshot={}", picture.display()))
        .arg(format!("file://{}", page.display()))
        .env("HOME", profile.path())
        .output();
    let browser = browser.expect("Debian's package `chromium` is installed");
    assert!(picture.exists(), "{browser:?}");
    let decoder = png::Decoder::new(BufReader::new(File::open(&picture).expect("a picture")));
    let mut reader = decoder.read_info().expect("a picture");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("a picture");
    let pixels = match info.color_type {
        png::ColorType::Rgba => pixels,
        _ => pixels
            .chunks(3)
            .flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255])
            .collect(),
    };
    // Bars in green and in red, as long as their steps took, beside the chip.
    let (green, red) = (count(&pixels, [46, 139, 87]), count(&pixels, [200, 54, 47]));
    assert!(green > 4_000, "{green} of {:?}", (info.width, info.height));
    assert!(red > 4_000, "{red} of {:?}", (info.width, info.height));
    assert!(count(&pixels, [255, 255, 255]) > pixels.len() / 8);
}
