"""Licences, names and sources of all dependencies, against `deny.toml`, where cargo-deny is not installed.

`python3 xtask/licences.py deny.toml METADATA`, the latter from `cargo metadata --format-version 1 --locked`. Of cargo-deny's checks it knows the
licences that a crate states (not the texts in it), what is banned, and where crates come from. Ends with 1 and a line
for each fault.
"""

import json
import re
import sys
import tomllib

REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"


def allowed(expression, licences):
    """Whether an SPDX expression can be kept with these licences alone: `A OR (B AND C)`; `/` is an old `OR`."""
    words = re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))
    place = 0

    def peek():
        return words[place] if place < len(words) else None

    def one():
        nonlocal place
        word = peek()
        place += 1
        if word == "(":
            holds = either()
            place += 1
            return holds
        holds = word in licences
        if peek() == "WITH":
            # An exception only permits more.
            place += 2
        return holds

    def both():
        nonlocal place
        holds = one()
        while peek() == "AND":
            place += 1
            holds = one() and holds
        return holds

    def either():
        nonlocal place
        holds = both()
        while peek() == "OR":
            place += 1
            holds = both() or holds
        return holds

    return either() and place == len(words)


def faults(packages, rules):
    licences = set(rules["licenses"]["allow"])
    banned = {ban["name"]: ban["reason"] for ban in rules["bans"]["deny"]}
    for package in packages:
        name = f"{package['name']} {package['version']}"
        if package["name"] in banned:
            yield f"{name} is banned: {banned[package['name']]}"
        if package["source"] is None:
            continue
        if package["source"] != REGISTRY:
            yield f"{name} comes from {package['source']}"
        stated = package["license"]
        if stated is None:
            yield f"{name} states no licence"
        elif not allowed(stated, licences):
            yield f"{name} is under {stated}"


def main():
    # It must refuse before what it takes counts.
    for expression, holds in [
        ("MIT", True), ("GPL-3.0", False), ("MIT OR GPL-3.0", True), ("MIT AND GPL-3.0", False), ("GPL-3.0/MIT", True),
        ("(GPL-3.0 OR MIT) AND ISC", True), ("(GPL-3.0 AND MIT) OR AGPL-3.0", False),
        ("MIT WITH LLVM-exception", True), ("MIT AND", False),
    ]:
        assert allowed(expression, {"MIT", "ISC"}) == holds, expression
    with open(sys.argv[1], "rb") as file:
        rules = tomllib.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        packages = json.load(file)["packages"]
    found = sorted(faults(packages, rules))
    for fault in found:
        print(fault)
    print(f"   {len(packages)} crates, the tests' included: {len(found)} with a fault in licence, name or source")
    return 1 if found else 0


sys.exit(main())
