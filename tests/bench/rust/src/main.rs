// usage: bench WORK DIR; see relver.c
use semver::{Version, VersionReq};
use std::time::Instant;

fn semver_parse(lines: &[&str]) -> usize {
    lines.iter().map(|l| Version::parse(l).map_or(0, |v| digits(v.major))).sum()
}

fn digits(n: u64) -> usize {
    if n < 10 { 1 } else { 2 + (n >= 100) as usize }
}

fn semver_sort(lines: &[&str]) -> usize {
    let mut v: Vec<Version> = lines.iter().map(|l| Version::parse(l).unwrap()).collect();
    v.sort_unstable_by(|a, b| a.cmp_precedence(b));
    v.iter().step_by(1000).fold(0, |sum, v| {
        (sum * 31 + digits(v.patch) * 7 + v.pre.len()) & 0xFFFFFF
    })
}

fn range_match(lines: &[&str]) -> usize {
    let matches = |line: &&&str| {
        let (range, version) = line.split_once('\t').unwrap();
        let version = Version::parse(version).unwrap();
        VersionReq::parse(range).unwrap().matches(&version)
    };
    lines.iter().filter(matches).count()
}

fn pep440_parse(lines: &[&str]) -> usize {
    lines.iter().filter(|l| l.parse::<pep440_rs::Version>().is_ok()).count()
}

fn toml_edit(text: &str) -> usize {
    let mut size = 0;
    for _ in 0..1000 {
        let mut doc = text.parse::<toml_edit::DocumentMut>().unwrap();
        let old = doc["package"]["version"].as_value_mut().unwrap();
        let decor = old.decor().clone(); // else the comment behind it is lost
        *old = "0.5.0".into();
        *old.decor_mut() = decor;
        size = doc.to_string().len();
    }
    size
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (work, dir) = (args[1].as_str(), &args[2]);
    let file = match work {
        "semver-parse" | "semver-sort" => "semver",
        "range-match" => "ranges",
        "pep440-parse" => "pep440",
        _ => "toml",
    };
    let text = std::fs::read_to_string(format!("{dir}/{file}")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let start = Instant::now();
    let (ops, sum) = match work {
        "semver-parse" => (lines.len(), semver_parse(&lines)),
        "pep440-parse" => (lines.len(), pep440_parse(&lines)),
        "semver-sort" => (lines.len(), semver_sort(&lines)),
        "range-match" => (lines.len(), range_match(&lines)),
        "toml-edit" => (1000, toml_edit(&text)),
        _ => panic!("no such work"),
    };
    println!("{} {} {}", ops, start.elapsed().as_nanos(), sum);
}
