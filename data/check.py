#!/usr/bin/env python3
"""Checks the reference data, templates, texts and demonstration content of this folder.

Run as `python3 data/check.py` (Python 3.11 or later, standard library only). Prints one line per fault and ends
with status 1 if there is any; otherwise prints the counts and ends with 0.
"""

import csv
import datetime
import math
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LANGUAGES = ("id", "en")
PERMISSIONS = {"applications", "members", "roles", "settings", "path", "questions", "qualifications", "trainings"}
QUESTION_KINDS = {"short", "long", "choice", "several", "number", "date", "file", "consent"}
TEMPLATES = {
    "occupational": {"doctors", "teachers", "lawyers", "architects"},
    "volunteer": {"disaster", "disability", "orphanage", "environment"},
}
VOUCHED = {"doctors", "lawyers", "architects"}
NAMED_WORDS = {"dokter anak", "spog", "guru sd", "advokat", "paediatrician"}
# Plain Indonesian: about fifteen words in a breath.
ID_SENTENCE_WORDS = 16
# What people say of themselves fits a line of a card.
NAME_LENGTH = 40
# Words of the classification that nobody says of oneself.
OFFICIAL = re.compile(r"\b(YTDL|YBDI|Profesional|Praktisi|excluding|elsewhere)\b", re.I)
# Words that betray a text in the wrong language.
ENGLISH = re.compile(r"\b(the|and|with|your|you|for|is|are|they|we|not|or)\b", re.I)
INDONESIAN = re.compile(r"\b(yang|dan|dengan|Anda|untuk|tidak|kami|atau|dari|bila)\b", re.I)
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

faults = []


def fault(where, what):
    faults.append(f"{where}: {what}")


def rows(path, delimiter=",", encoding="utf-8"):
    with open(ROOT / path, newline="", encoding=encoding) as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def toml(path):
    with open(ROOT / path, "rb") as file:
        return tomllib.load(file)


def fold(text):
    return re.sub(r"\s+", " ", text).strip().lower()


def unique(where, values):
    seen = set()
    for value in values:
        if value in seen:
            fault(where, f"{value!r} stands twice")
        seen.add(value)
    return seen


class Unreadable(Exception):
    """A field is missing that the checks after it read; told already."""


def fields(where, table, required, optional=()):
    """Every required field is there and none that nobody knows."""
    for name in table:
        if name not in required and name not in optional:
            fault(where, f"{name} is unknown")
    missing = [name for name in required if name not in table]
    for name in missing:
        fault(where, f"{name} is missing")
    if missing:
        raise Unreadable


def sentences(text):
    return [s for s in re.split(r"(?<=[.!?;:])\s+", text.strip()) if s]


def texts(where, table, at_most=None, prose=True):
    """Both languages are there, are not mixed, and read in one breath."""
    if not isinstance(table, dict):
        return fault(where, "is not a pair of id and en")
    try:
        fields(where, table, LANGUAGES)
    except Unreadable:
        return
    for language in LANGUAGES:
        text = table[language]
        if not isinstance(text, str) or not text.strip():
            fault(where, f"{language} is empty")
            continue
        if at_most and len(text) > at_most:
            fault(where, f"{language} has {len(text)} characters, at most {at_most}")
        if "  " in text or text.rstrip(" ") != text:
            fault(where, f"{language} has stray spaces")
        wrong = (ENGLISH if language == "id" else INDONESIAN).search(text)
        if wrong:
            fault(where, f"{language} has {wrong.group()!r} of the other language")
    if prose:
        for sentence in sentences(table["id"] if isinstance(table["id"], str) else ""):
            count = len(sentence.split())
            if count > ID_SENTENCE_WORDS:
                fault(where, f"a sentence of {count} words: {sentence}")


def key(where, value):
    if not isinstance(value, str) or not KEY.fullmatch(value):
        fault(where, f"{value!r} is no key")


def kilometres(a, b):
    lat_a, lon_a, lat_b, lon_b = (math.radians(float(x)) for x in (a["lat"], a["lon"], b["lat"], b["lon"]))
    h = math.sin((lat_a - lat_b) / 2) ** 2
    h += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_a - lon_b) / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(1, h)))


def in_indonesia(where, row):
    if not (-11.5 <= float(row["lat"]) <= 6.5 and 94.5 <= float(row["lon"]) <= 141.5):
        fault(where, f"position {row['lat']}, {row['lon']} is not in Indonesia")


def check_areas():
    areas = {row["code"]: row for row in rows("areas/areas.csv")}
    level_of = {2: "province", 5: "regency", 8: "district"}
    for code, area in areas.items():
        where = f"areas.csv {code}"
        if level_of.get(len(code)) != area["level"] or area["parent"] != code.rpartition(".")[0]:
            fault(where, "code, level and parent do not fit")
        if area["parent"] and area["parent"] not in areas:
            fault(where, "parent is missing")
        if not area["name"].strip() or area["source"] not in {"listed", "regency", "mean", "town"}:
            fault(where, "name or source is wrong")
        in_indonesia(where, area)
        # The farthest true district is an outer island some 430 km from its regency.
        if area["level"] == "district" and area["parent"] in areas:
            if kilometres(area, areas[area["parent"]]) > 500:
                fault(where, f"{area['name']} is far from its regency: a namesake's position?")
    unique("areas.csv", [row["code"] for row in rows("areas/areas.csv")])

    names = {fold(area["name"]) for area in areas.values()}
    words = rows("words/areas.csv")
    unique("words/areas.csv", [fold(row["word"]) for row in words])
    for row in words:
        if row["code"] not in areas or not row["word"].strip() or fold(row["word"]) in names:
            fault(f"words/areas.csv {row['word']!r}", "its area is missing, or it is a name already")
    abbreviation = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
    zones = {row["province"]: row for row in rows("areas/zones.csv")}
    if set(zones) != {code for code, area in areas.items() if area["level"] == "province"}:
        fault("zones.csv", "does not list each province once")
    for province, row in zones.items():
        if abbreviation.get(row["zone"]) != row["abbreviation"]:
            fault(f"zones.csv {province}", "zone and abbreviation do not fit")
    for row in rows("places/cities_id.tsv", "\t"):
        where = f"cities_id.tsv {row['name']}"
        if list(row) != ["name", "lat", "lon", "pop", "tz"] or int(row["pop"]) <= 0:
            fault(where, "columns or population are wrong")
        if row["tz"] not in abbreviation:
            fault(where, f"zone {row['tz']} is not Indonesian")
        in_indonesia(where, row)
    return areas


def check_names(occupations, titles):
    """Each occupation has one everyday name in each language, short and its own; gives them, folded."""
    named = rows("occupations/names.csv")
    if [row["code"] for row in named] != list(occupations):
        fault("names.csv", "does not name each occupation once, in the order of occupations.csv")
    folded = set()
    for language in LANGUAGES:
        by_level = {}
        for row in named:
            code, name = row["code"], row[f"name_{language}"]
            where = f"names.csv {code} {name!r}"
            if not name or name != re.sub(r"\s+", " ", name).strip():
                fault(where, "is missing or has stray spaces")
            if len(name) > NAME_LENGTH:
                fault(where, f"has {len(name)} characters, at most {NAME_LENGTH}")
            if not name[:1].isupper():
                fault(where, "does not begin with a capital letter")
            wrong = (ENGLISH if language == "id" else INDONESIAN).search(name)
            if wrong or OFFICIAL.search(name):
                fault(where, "is in the other language or an official title")
            # People read those of one level beside each other, not only those of one group.
            other = by_level.setdefault((len(code), fold(name)), code)
            if other != code:
                fault(where, f"is also the name of {other}")
            folded.add(fold(name))
        for (level, name), code in by_level.items():
            unit = by_level.get((4, name))
            below = [one for one in occupations if len(one) == 4 and one.startswith(code)]
            if level < 4 and unit and below != [unit]:
                fault(f"names.csv {code} {name!r}", f"is also the name of {unit}, which is not all of it")
    return folded


def check_occupations():
    occupations, names = {}, set()
    for row in rows("occupations/occupations.csv"):
        where = f"occupations.csv {row['code']}"
        if not re.fullmatch(r"\d{1,4}", row["code"]) or row["code"] in occupations:
            fault(where, "code is wrong or stands twice")
        for title in (row["title_en"], row["title_id"]):
            if not title or title != re.sub(r"\s+", " ", title).strip():
                fault(where, "a title is missing or has stray spaces")
        occupations[row["code"]] = row
        names.update(fold(n) for n in (row["title_en"], row["title_id"], *row["esco_en"].split(";")))
    for code in occupations:
        if len(code) > 1 and code[:-1] not in occupations:
            fault(f"occupations.csv {code}", "the group above is missing")
    for row in rows("occupations/occupation_titles_id.csv"):
        if row["code"][:4] not in occupations or not row["title_id"].strip():
            fault(f"occupation_titles_id.csv {row['code']}", "group or title is missing")
        names.add(fold(row["title_id"]))
    names |= check_names(occupations, names)

    words = rows("words/occupations.csv")
    unique("words/occupations.csv", [(row["lang"], fold(row["word"])) for row in words])
    for row in words:
        where = f"words/occupations.csv {row['word']!r}"
        if row["code"] not in occupations or row["lang"] not in LANGUAGES or not row["word"].strip():
            fault(where, "code, language or word is wrong")
        if fold(row["word"]) in names:
            fault(where, "is in the titles already")
    plain = rows("words/everyday.csv")
    unique("words/everyday.csv", [(row["lang"], fold(row["word"])) for row in plain])
    meaning = names | {fold(row["word"]) for row in words}
    for row in plain:
        where = f"words/everyday.csv {row['word']!r}"
        if list(row) != ["lang", "word"] or row["lang"] not in LANGUAGES or not re.fullmatch(r"[a-z]+", row["word"]):
            fault(where, "columns, language or word are wrong")
        if row["word"] in meaning:
            fault(where, "is what an occupation is called")
    if len(plain) < 60:
        fault("words/everyday.csv", f"{len(plain)} words")
    missing = NAMED_WORDS - names - {fold(row["word"]) for row in words}
    if missing or len(words) < 300:
        fault("words/occupations.csv", f"{len(words)} words, missing {sorted(missing)}")
    return occupations, len(words)


def check_causes():
    classes = set()
    for row in rows("causes/icnptso/icnptso.csv", encoding="utf-8-sig"):
        classes.add(row["Sub-group"] or row["Group"] or row["Section"])
    goals = {row["goal"] for row in rows("causes/sdg.csv")}
    if goals != {str(n) for n in range(1, 18)}:
        fault("sdg.csv", "does not list the 17 goals")
    causes = rows("causes/causes.csv")
    for row in causes:
        where = f"causes.csv {row['key']}"
        key(where, row["key"])
        texts(where, {"id": row["id"], "en": row["en"]})
        if row["icnptso"] not in classes or row["sdg"] not in goals:
            fault(where, "class or goal is unknown")
        for column in ("words_id", "words_en"):
            words = [fold(word) for word in row[column].split("|")]
            unique(f"{where} {column}", words)
            if "" in words or len(words) < 3:
                fault(where, f"{column} has an empty word or fewer than three")
    return unique("causes.csv", [row["key"] for row in causes])


def check_languages():
    languages = rows("languages/languages.csv")
    for row in languages:
        if not re.fullmatch(r"[a-z]{2,3}", row["code"]) or not row["id"].strip() or not row["en"].strip():
            fault(f"languages.csv {row['code']}", "code or name is wrong")
    unique("languages.csv", [row["id"] for row in languages])
    return unique("languages.csv", [row["code"] for row in languages])


def check_qualifications():
    kinds = toml("qualifications.toml")["kinds"]
    for kind in kinds:
        where = f"qualifications.toml {kind.get('key')}"
        fields(where, kind, ("key", "name", "issuer", "validity_months", "renewed_by"), ("clearance",))
        key(where, kind["key"])
        for name in ("name", "issuer", "renewed_by"):
            texts(f"{where} {name}", kind[name])
        if type(kind["validity_months"]) is not int or not 0 <= kind["validity_months"] <= 120:
            fault(where, "validity_months is no number of months from 0 to 120")
        if kind.get("clearance", True) is not True:
            fault(where, "clearance is left out or true")
    return unique("qualifications.toml", [kind["key"] for kind in kinds])


def check_question(where, question):
    choice = question.get("kind") in {"choice", "several"}
    fields(where, question, ("key", "kind", "required", "visible", "delete_days", "label", "why"),
           ("options",) if choice else ())
    key(where, question["key"])
    if question["kind"] not in QUESTION_KINDS or type(question["required"]) is not bool:
        fault(where, "kind or required is wrong")
    if question["visible"] not in {"reviewers", "coordinators"}:
        fault(where, "visible is neither reviewers nor coordinators")
    if type(question["delete_days"]) is not int or not 1 <= question["delete_days"] <= 365:
        fault(where, "delete_days is not from 1 to 365")
    if question["kind"] == "file" and question["delete_days"] > 60:
        fault(where, "a file is kept over 60 days")
    texts(f"{where} label", question["label"])
    texts(f"{where} why", question["why"])
    if choice:
        options = question.get("options", [])
        if not 2 <= len(options) <= 12:
            fault(where, f"{len(options)} options")
        for option in options:
            fields(where, option, ("key", *LANGUAGES))
            key(where, option["key"])
            texts(f"{where} {option['key']}", {n: option[n] for n in LANGUAGES})
        unique(where, [option["key"] for option in options])


def check_step(where, step):
    extra = {
        "form": ("questions",),
        "vouch": ("needed", "other_workplace"),
        "screening": ("criteria", "reviewers"),
        "training": ("training",),
        "interview": ("change_hours",),
        "acquaintance": ("needed",),
        "agreement": ("text", "version"),
        "decision": ("approvals",),
    }.get(step.get("kind"))
    if extra is None:
        return fault(where, "kind is unknown")
    fields(where, step, ("kind", "days", "remind_days", "name", *extra), ("overdue", "beside", "only_if"))
    if step.get("overdue", "remind") not in {"remind", "close", "escalate"} or type(step.get("beside", False)) is not bool:
        fault(where, "overdue or beside is wrong")
    texts(f"{where} name", step["name"])
    if not 0 < step["remind_days"] < step["days"] <= 60:
        fault(where, "the reminder must come before the deadline, the deadline within 60 days")
    if step["kind"] == "form":
        for question in step["questions"]:
            check_question(f"{where} {question.get('key')}", question)
        unique(where, [question["key"] for question in step["questions"]])
        if not 1 <= len(step["questions"]) <= 8:
            fault(where, "asks nothing, or over eight questions")
    if step["kind"] == "vouch" and (step["needed"] != 2 or type(step["other_workplace"]) is not bool):
        fault(where, "needed or other_workplace is wrong")
    if step["kind"] == "interview" and not 0 <= step["change_hours"] <= 168:
        fault(where, "change_hours is not 0 to 168")
    if step["kind"] == "acquaintance" and step["needed"] not in {1, 2}:
        fault(where, "needed is not 1 or 2")
    if step["kind"] == "screening":
        if not 2 <= len(step["criteria"]) <= 8 or step["reviewers"] not in {1, 2, 3}:
            fault(where, "not 2 to 8 criteria, or not 1 to 3 reviewers")
        for criterion in step["criteria"]:
            fields(where, criterion, ("name", "good", "weight"))
            texts(f"{where} criterion", criterion["name"], 80)
            texts(f"{where} criterion", criterion["good"], 200)
            if criterion["weight"] not in {1, 2, 3}:
                fault(where, "a weight is not 1 to 3")
    if step["kind"] == "decision" and step["approvals"] not in {1, 2, 3}:
        fault(where, "approvals is not 1 to 3")
    if step["kind"] == "agreement":
        texts(f"{where} text", step["text"])
        counts = {language: len(sentences(step["text"][language])) for language in LANGUAGES}
        if step["version"] != 1 or len(set(counts.values())) != 1 or not 8 <= counts["id"] <= 15:
            fault(where, f"version is not 1, or the text is not 8 to 15 sentences in both languages: {counts}")


def check_template(name, template, occupations, causes, qualifications):
    where = f"templates/{name}.toml"
    fields(where, template, ("key", "kind", "occupations", "causes", "sign_up", "name", "summary", "about",
                             "rules", "questions", "roles", "steps"), ("trainings",))
    if template["key"] != name or name not in TEMPLATES.get(template["kind"], ()):
        fault(where, "key or kind is wrong")
    if template["sign_up"] not in {"open", "application", "invitation"}:
        fault(where, "sign_up is wrong")
    wanted = "occupations" if template["kind"] == "occupational" else "causes"
    for column, known in (("occupations", occupations), ("causes", causes)):
        if bool(template[column]) != (column == wanted):
            fault(where, f"{column} do not fit the kind")
        for code in template[column]:
            if code not in known:
                fault(where, f"{column}: {code} is unknown")
        unique(f"{where} {column}", template[column])
    texts(f"{where} name", template["name"], 80)
    if any(template["name"][language].count("{area}") != 1 for language in LANGUAGES):
        fault(where, "the name does not hold {area} once")
    texts(f"{where} summary", template["summary"], 160)
    texts(f"{where} about", template["about"])
    paragraphs = {len(template["about"][language].strip().split("\n\n")) for language in LANGUAGES}
    if len(paragraphs) != 1 or not paragraphs <= {2, 3, 4}:
        fault(where, "about is not 2 to 4 paragraphs in both languages")
    if len(template["rules"]) != 5:
        fault(where, f"{len(template['rules'])} rules, exactly five wanted")
    for number, rule in enumerate(template["rules"], 1):
        texts(f"{where} rule {number}", rule)
        if any(len(re.findall(r"[.!?]", rule[language])) != 1 for language in LANGUAGES):
            fault(f"{where} rule {number}", "is not one sentence")
    if not 4 <= len(template["questions"]) <= 6:
        fault(where, "not 4 to 6 frequent questions")
    for number, question in enumerate(template["questions"], 1):
        fields(f"{where} question {number}", question, ("ask", "answer"))
        texts(f"{where} question {number} ask", question["ask"])
        texts(f"{where} question {number} answer", question["answer"])

    if not 4 <= len(template["roles"]) <= 9:
        fault(where, "not 4 to 9 roles")
    for role in template["roles"]:
        at = f"{where} role {role.get('key')}"
        fields(at, role, ("key", "permissions", "qualifications", "name", "duties"))
        key(at, role["key"])
        texts(f"{at} name", role["name"], 40)
        if set(role["permissions"]) - PERMISSIONS or set(role["qualifications"]) - qualifications:
            fault(at, "a permission or qualification is unknown")
        if not 2 <= len(role["duties"]) <= 5:
            fault(at, "not 2 to 5 duties")
        for duty in role["duties"]:
            texts(f"{at} duty", duty)
    unique(where, [role["key"] for role in template["roles"]])

    kinds = [step.get("kind") for step in template["steps"]]
    if not kinds or kinds[0] != "form" or kinds.count("decision") != 1:
        fault(where, f"the path {kinds} does not begin with a form or has not one decision")
    if ("vouch" in kinds) != (name in VOUCHED) or ("agreement" in kinds) != (template["kind"] == "volunteer"):
        fault(where, f"the path {kinds} does not fit the kind")
    trainings = template.get("trainings", [])
    for training in trainings:
        at = f"{where} training {training.get('key')}"
        fields(at, training, ("key", "title", "teaches"), ("grants",))
        key(at, training["key"])
        texts(f"{at} title", training["title"], 80)
        texts(f"{at} teaches", training["teaches"])
        if training.get("grants", "") not in {"", *qualifications}:
            fault(at, "what it grants is unknown")
    named = [step["training"] for step in template["steps"] if step.get("kind") == "training"]
    if sorted(named) != sorted(training["key"] for training in trainings):
        fault(where, "its steps do not name each of its trainings once")
    asked = {}
    for number, step in enumerate(template["steps"], 1):
        check_step(f"{where} step {number}", step)
        # How blocks and conditions hang together is tested with the paths of all templates.
        question, *test = step.get("only_if", "").split(" ")
        if question and (question not in asked or len(test) != 2 or (test[0] == "is" and test[1] not in asked[question])):
            fault(f"{where} step {number}", "only_if speaks of no question before it, or of no answer to it")
        asked |= {q["key"]: [o["key"] for o in q.get("options", [])] for q in step.get("questions", [])}


def check_answers(where, form, answers):
    questions = {question["key"]: question for question in form["questions"]}
    for name, question in questions.items():
        if question["required"] and name not in answers:
            fault(where, f"{name} is required")
    for name, answer in answers.items():
        question = questions.get(name)
        if question is None:
            fault(where, f"{name} is not asked")
            continue
        options = {option["key"] for option in question.get("options", [])}
        fits = {
            "short": lambda: isinstance(answer, str) and answer,
            "long": lambda: isinstance(answer, str) and answer,
            "choice": lambda: answer in options,
            "several": lambda: isinstance(answer, list) and answer and set(answer) <= options,
            "number": lambda: type(answer) is int,
            "date": lambda: datetime.date.fromisoformat(answer),
            "file": lambda: False,
            "consent": lambda: answer is True,
        }[question["kind"]]()
        if not fits:
            fault(where, f"{name}: {answer!r} is no answer to a question of kind {question['kind']}")


def check_demo(templates, areas, occupations, languages, qualifications):
    demo = toml("demo/people.toml")
    known_causes = {row["key"] for row in rows("causes/causes.csv")}
    people = {}
    for person in demo["people"]:
        where = f"people.toml {person.get('key')}"
        # A minor goes to school, and somebody answers for them.
        minor = "age" in person
        own = ("age", "guardian") if minor else ("occupation", "workplace")
        fields(where, person, ("key", "name", "call", "area", "languages", "skills", *own), ("about", "causes"))
        key(where, person["key"])
        if person["key"] in people:
            fault(where, "stands twice")
        people[person["key"]] = person
        if minor and (person["age"] not in range(13, 18) or "age" in people.get(person["guardian"], {"age": 0})):
            fault(where, "age or guardian is wrong")
        if not minor and (person["occupation"] not in occupations or len(person["occupation"]) != 4):
            fault(where, "occupation is no unit group")
        if areas.get(person["area"], {}).get("level") != "district":
            fault(where, "area is no district")
        if not person["name"] or not person["call"] or set(person["languages"]) - languages:
            fault(where, "name, call or languages are wrong")
        if set(person.get("causes", ())) - known_causes:
            fault(where, "causes are not known")
        if "about" in person:
            texts(f"{where} about", person["about"])
    unique("people.toml names", [person["name"] for person in demo["people"]])

    groups = toml("demo/groups.toml")["groups"]
    unique("groups.toml", [group["key"] for group in groups])
    by_person = {}
    for group in groups:
        where = f"groups.toml {group.get('key')}"
        fields(where, group, ("key", "template", "name", "area", "districts", "founder", "members", "roles"),
               ("summary", "pending", "asked", "point", "seen", "sessions", "youngest", "safeguard", "lang"))
        if group.get("lang", "id") not in LANGUAGES:
            fault(where, "its language is unknown")
        key(where, group["key"])
        template = templates[group["template"]]
        texts(f"{where} name", group["name"], 80)
        if "summary" in group:
            texts(f"{where} summary", group["summary"], 160)
        if areas.get(group["area"], {}).get("level") != "regency":
            fault(where, "area is no regency")
        for code in unique(where, group["districts"]):
            if areas.get(code, {}).get("level") != "district":
                fault(where, f"{code} is no district")
        inside = unique(where, [group["founder"], *group["members"]])
        pending = group.get("pending", [])
        outside = unique(where, [application["person"] for application in pending])
        for person in inside | outside:
            if person not in people:
                fault(where, f"{person} is unknown")
        if inside & outside:
            fault(where, f"{sorted(inside & outside)} apply to a group they are in")
        for person in inside:
            by_person.setdefault(person, []).append(group)
        for role in group["roles"]:
            fields(where, role, ("person", "role"))
            if role["person"] not in inside or role["role"] not in {r["key"] for r in template["roles"]}:
                fault(where, f"{role} is no member or no role of the template")
        for seen in group.get("seen", []):
            fields(where, seen, ("person", "kind", "days"))
            if seen["person"] not in inside or seen["kind"] not in qualifications or not 1 <= seen["days"] <= 400:
                fault(where, f"{seen} is no member, no kind or no number of days")
        for session in group.get("sessions", []):
            fields(where, session, ("training", "days", "from", "to", "area", "place", "seats"))
            trainings = {training["key"] for training in template.get("trainings", [])}
            if session["training"] not in trainings or not 2 <= session["days"] <= 60 or not 1 <= session["seats"] <= 50:
                fault(where, f"{session} is of no training of the template, or its days or seats are wrong")
        for asked in group.get("asked", []):
            at = f"{where} asked {asked['days_ago']} days ago"
            fields(at, asked, ("days_ago", "question"), ("person", "name", "answer", "more"))
            if ("person" in asked) == ("name" in asked) or asked.get("person", "") in inside or (
                    "person" in asked and asked["person"] not in people):
                fault(at, "not by one person outside the group, or by one name")
            if "more" in asked and ("answer" not in asked or "name" in asked):
                fault(at, "goes on without an answer, or without an account")
            if not 1 <= asked["days_ago"] <= 14 or not 10 <= len(asked["question"]) <= 2000:
                fault(at, "days_ago or question is wrong")
        for application in pending:
            at = f"{where} pending {application['person']}"
            fields(at, application, ("person", "stage", "sent_days_ago", "answers"))
            later = [step["kind"] for step in template["steps"][1:]]
            if application["stage"] not in later or not 0 <= application["sent_days_ago"] <= 14:
                fault(at, "stage or sent_days_ago is wrong")
            check_answers(at, template["steps"][0], application["answers"])

    if sum(group.get("lang") == "en" for group in groups) < 2:
        fault("groups.toml", "fewer than two groups write English")
    seeker, member, coordinator = (demo["sign_ins"][who] for who in ("seeker", "member", "coordinator"))
    if seeker in by_person or people[seeker]["occupation"] != "2221" or not people[seeker]["area"].startswith("71.71"):
        fault("people.toml", "the seeker is no nurse of Manado outside all groups")
    if not any(group["template"] == "doctors" for group in by_person.get(member, [])):
        fault("people.toml", "the member is in no doctors' group")
    if not any(group["founder"] == coordinator and group["template"] == "disaster" and len(group["pending"]) >= 10
               for group in groups):
        fault("people.toml", "the coordinator founded no disaster group with ten applications")
    return len(people), len(groups)


def check_texts():
    for name in ("privacy", "about"):
        both = {language: (ROOT / f"texts/{name}.{language}.md").read_text("utf-8") for language in LANGUAGES}
        texts(f"texts/{name}", both, prose=False)
        headings = {language: len(re.findall(r"^#", text, re.M)) for language, text in both.items()}
        if headings["id"] != headings["en"] or any("{contact}" not in text for text in both.values()):
            fault(f"texts/{name}", "headings differ or {contact} is missing")
    changes = {language: (ROOT / f"texts/privacy-changes.{language}.md").read_text("utf-8") for language in LANGUAGES}
    texts("texts/privacy-changes", changes, prose=False)
    for language, word in (("id", "Versi"), ("en", "Version")):
        now = re.search(rf"^{word} (\d+)$", (ROOT / f"texts/privacy.{language}.md").read_text("utf-8"), re.M)
        told = [int(number) for number in re.findall(rf"^## {word} (\d+)$", changes[language], re.M)]
        if not now or told != list(range(int(now[1]), 1, -1)):
            fault(f"texts/privacy-changes.{language}.md", "does not say for each version what changed, newest first")
    for folder in ("areas/LICENSE.md", "causes/icnptso/LICENSE.md", "occupations/README.md", "SOURCES.md"):
        if not (ROOT / folder).is_file():
            fault(folder, "is missing")


def report():
    areas = check_areas()
    occupations, words = check_occupations()
    causes = check_causes()
    languages = check_languages()
    qualifications = check_qualifications()
    templates = {path.stem: toml(f"templates/{path.name}") for path in sorted((ROOT / "templates").glob("*.toml"))}
    if set(templates) != TEMPLATES["occupational"] | TEMPLATES["volunteer"]:
        fault("templates", f"found {sorted(templates)}")
    for name, template in templates.items():
        check_template(name, template, occupations, causes, qualifications)
    people, groups = check_demo(templates, areas, occupations, languages, qualifications)
    check_texts()
    return (f"{len(areas)} areas, {len(occupations)} occupations, {words} words, {len(causes)} causes, "
            f"{len(qualifications)} qualifications, {len(templates)} templates, {people} people, {groups} groups")


def main():
    try:
        counts = report()
    except Unreadable:
        counts = ""
    except (KeyError, ValueError, TypeError, OSError, tomllib.TOMLDecodeError) as error:
        fault(type(error).__name__, error)
    for line in faults:
        print(line)
    if faults:
        print(f"data: {len(faults)} faults")
        return 1
    print(f"data: {counts}: right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
