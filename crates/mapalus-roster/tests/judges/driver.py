"""Answers each line {"instance": TEXT, "solution": TEXT} with what the checker beside it says of them, as one line."""
import io
import json
import sys

import check
import nrp_check

texts = {}
nrp_check.open = lambda path, **_: io.StringIO(texts[path])


def volunteer(instance, solution):
    """As `check.main`, without files."""
    inst, sol = json.loads(instance), json.loads(solution)
    wrong = check.defects(inst)
    if sol["instance"] != inst["name"]:
        wrong.append("a solution of another instance")
    if wrong:
        return {"bad_input": wrong}
    broken, terms = check.score(inst, sol["assignments"])
    return {"broken": broken, "terms": terms, "cost": sum(terms.values())}


def benchmark(instance, solution):
    """As the script, without files."""
    texts.update(instance=instance, solution=solution)
    cost, terms, broken = nrp_check.score(nrp_check.parse("instance"), nrp_check.read_solution("solution"))
    return {"broken": [str(b[0]) for b in broken], "terms": terms, "cost": cost}


for line in sys.stdin:
    asked = json.loads(line)
    judge = volunteer if asked["instance"].lstrip().startswith("{") else benchmark
    try:
        answer = judge(asked["instance"], asked["solution"])
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        answer = {"bad_input": [repr(error)]}
    print(json.dumps(answer), flush=True)
