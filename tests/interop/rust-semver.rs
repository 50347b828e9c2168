//! rust-semver OP - the semver crate, answering rows as `relver version OP` does.
use semver::{Version, VersionReq};
use std::io::{BufRead, BufWriter, Write};

fn unescape(field: &str) -> String {
    let mut out = String::new();
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next().unwrap() {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'x' => {
                    let hex: String = chars.by_ref().take(2).collect();
                    u8::from_str_radix(&hex, 16).unwrap() as char
                }
                other => other,
            },
            other => other,
        });
    }
    out
}

fn answer(op: &str, field: &[String]) -> Option<String> {
    Some(match op {
        "check" => Version::parse(&field[0]).ok()?.to_string(),
        "compare" => {
            let (a, b) = (Version::parse(&field[0]).ok()?, Version::parse(&field[1]).ok()?);
            ["<", "=", ">"][(a.cmp_precedence(&b) as i32 + 1) as usize].into()
        }
        _ => {
            let requirement = VersionReq::parse(&field[0]).ok()?;
            let version = Version::parse(&field[1]).ok()?;
            if requirement.matches(&version) { "yes" } else { "no" }.into()
        }
    })
}

fn main() {
    let op = std::env::args().nth(1).unwrap();
    let mut out = BufWriter::new(std::io::stdout());
    for line in std::io::stdin().lock().split(b'\n') {
        let line = String::from_utf8(line.unwrap()).unwrap();
        let field: Vec<String> = line.split('\t').map(unescape).collect();
        writeln!(out, "{}", answer(&op, &field).as_deref().unwrap_or("!")).unwrap();
    }
}
