#!/usr/bin/env python3
"""Checks of the tree that no compiler makes: which folder may include what, what the core must never touch, shapes of
co_await that g++ 12 miscompiles, and paths that belong to one machine only. Prints what is wrong; exits 1 if anything is."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORE_MAY_INCLUDE = re.compile(r'^(core/|nlohmann/|date/|kainjow/)|^<[a-z_]+>$')
CORE_NEVER = re.compile(r'<(thread|mutex|fstream|iostream|filesystem|random|condition_variable)>|'
                        r'(system_clock|steady_clock)::now|std::rand\b|\brand\(\)|std::getenv')
LAYER = {'core': ('core/',), 'adapters': ('core/', 'adapters/'), 'bot': ('core/', 'adapters/', 'bot/')}
HOUSE_INCLUDE = re.compile(r'^\s*#include "((?:core|adapters|bot|tests)/[^"]+)"', re.M)
ANY_INCLUDE = re.compile(r'^\s*#include ([<"][^>"]+[>"])', re.M)
TLS_STREAM = re.compile(r'\bssl::stream\s*<')
TLS_HOME = 'adapters/net/tls.hpp'
TLS_NEVER = re.compile(r'\bverify_none\b|\bSSL_VERIFY_NONE\b|\bset_verify_mode\s*\(\s*0')
MACHINE_PATH = re.compile(r'/(work|root|farm)/[a-z]|/home/[a-z]+/')


def tracked(*patterns):
    out = subprocess.run(['git', 'ls-files', '--cached', '--others', '--exclude-standard', *patterns],
                         cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for path in (ROOT / line for line in out.splitlines()) if path.is_file()]


def without_comments_and_strings(text):
    def blank(match):
        return re.sub(r'[^\n]', ' ', match.group())
    return re.sub(r'R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*(?:.|\n)*?\*/', blank, text)


def line_of(text, at):
    return text.count('\n', 0, at) + 1


def check_layers(path, text):
    top = path.relative_to(ROOT).parts[0]
    for match in HOUSE_INCLUDE.finditer(text):
        if not match.group(1).startswith(LAYER[top]):
            yield line_of(text, match.start()), f'{top}/ must not include {match.group(1)}'
    if top != 'core':
        return
    for match in ANY_INCLUDE.finditer(text):
        name = match.group(1)
        plain = name[1:-1]
        if not (CORE_MAY_INCLUDE.match(plain) or CORE_MAY_INCLUDE.match(name)):
            yield line_of(text, match.start()), f'core/ must not include {name}'
    for match in CORE_NEVER.finditer(without_comments_and_strings(text) + text[:0]):
        yield line_of(text, match.start()), f'core/ is pure: no {match.group()}'


def check_awaits(path, text):
    """A statement with co_await names things and calls functions; whatever else it needs has a name of its own first."""
    code = without_comments_and_strings(text)
    for match in re.finditer(r'\bco_await\b', code):
        start = max(code.rfind(mark, 0, match.start()) for mark in ';{}') + 1
        end = code.find(';', match.start())
        statement = code[start:end]
        line = line_of(code, match.start())
        if re.match(r'\s*(?:else\s+)?(?:if|while|switch)\s*\((?![^;]*=\s*co_await)[^)]*co_await', statement):
            yield line, 'co_await stands bare in a condition: give its result a name first'
        if re.search(r'\[[^\[\]\s][^\[\]]*\]\s*[({]', statement) and 'auto [' not in statement:
            yield line, 'a capturing lambda beside co_await: give it a name first'
        named_group = re.search(r'co_await\s*\((?:\s*(?:std::move\(\w+\)|\w+)\s*(?:\|\||&&)?)+\)', statement)
        rest = statement.replace(named_group.group(), '') if named_group else statement
        if re.search(r'(?<!\w)\?(?!\?)|&&(?!\s*\w+\s*=)|\|\||[=!]=|!\s*\(?\s*co_await', rest):
            yield line, 'an operator beside co_await: give the result a name first'
        if re.search(r'co_await[^;]*[\w>(,]\s*\{', statement):
            yield line, 'a braced value beside co_await: give it a name first'


def check_tls(path, text):
    """TLS is made in one place, and nothing anywhere makes it trust whoever answers."""
    code = without_comments_and_strings(text)
    if str(path.relative_to(ROOT)) != TLS_HOME:
        for match in TLS_STREAM.finditer(code):
            yield line_of(code, match.start()), f'a TLS stream is made in {TLS_HOME} only'
    for match in TLS_NEVER.finditer(code):
        yield line_of(code, match.start()), f'every certificate is checked: no {match.group()}'


def main():
    wrong = []
    for path in tracked('*.cpp', '*.hpp'):
        text = path.read_text(encoding='utf-8')
        top = path.relative_to(ROOT).parts[0]
        checks = [check_awaits(path, text)]
        if top in LAYER:
            checks += [check_layers(path, text), check_tls(path, text)]
        for check in checks:
            wrong += [f'{path.relative_to(ROOT)}:{line}: {what}' for line, what in check]
    for path in tracked():
        if path.suffix in {'.png', '.svg'} or path == pathlib.Path(__file__).resolve():
            continue
        text = path.read_text(encoding='utf-8', errors='replace')
        for match in MACHINE_PATH.finditer(text):
            wrong.append(f'{path.relative_to(ROOT)}:{line_of(text, match.start())}: a path of one machine: {match.group()}')
    for line in wrong:
        print(line)
    if not wrong:
        print('the tree is in order')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
