"""documents_rows.py tomllib|tomlkit|yaml - rows of documents; each gives a line of JSON, in which
what is no string is null, or '!' and why it is refused."""
import json
import sys

from suites import unescape


def plain(value):
    if isinstance(value, dict):
        return {str(key): plain(below) for key, below in value.items()}
    if isinstance(value, list):
        return [plain(below) for below in value]
    return str(value) if isinstance(value, str) else None


def tomllib_reader():
    import tomllib
    return tomllib.loads


def tomlkit_reader():
    import tomlkit
    return lambda doc: tomlkit.parse(doc.replace('\r\n', '\n')).unwrap()


def yaml_reader():
    import yaml  # whose BaseLoader leaves every scalar as it is spelt
    return lambda doc: next(iter(yaml.load_all(doc, getattr(yaml, 'CBaseLoader', yaml.BaseLoader))),
                            None)


def main():
    read = globals()[sys.argv[1] + '_reader']()
    for row in sys.stdin.buffer.read().split(b'\n')[:-1]:
        try:
            print(json.dumps(plain(read(unescape(row).decode()))))
        except Exception as error:  # each has kinds of its own, and tomlkit leaks others
            print('!' + ' '.join(str(error).split()).encode('ascii', 'replace').decode())


if __name__ == '__main__':
    main()
