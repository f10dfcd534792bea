#!/usr/bin/env python3
"""CP-SAT on the text of the shift scheduling benchmark: nrp_cp_sat.py INSTANCE --seconds 60 --workers 2 > solution

The model is that of Curtois and Qu (2014), constraints 1 to 10, as `nrp_check.py` judges it.
"""
import argparse
import json
import pathlib
import sys
import time

from ortools.sat.python import cp_model

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "crates/mapalus-roster/tests/judges"))
import nrp_check  # noqa: E402


def build(inst):
    """(model, {(employee, day): {shift: literal}})."""
    m, h, cells, terms = cp_model.CpModel(), inst.horizon, {}, []
    crew = {key: [] for key in inst.cover}
    for s in inst.staff:
        works = []
        for d in range(h):
            own = {t: m.new_bool_var("") for t in inst.shifts if d not in s.days_off}
            cells[s.id, d] = own
            work = m.new_bool_var("")
            m.add(sum(own.values()) == work)
            works.append(work)
            for t, v in own.items():
                if (d, t) in crew:
                    crew[d, t].append(v)
        for d in range(h - 1):
            for t, v in cells[s.id, d].items():
                for u in inst.forbidden[t]:
                    if u in cells[s.id, d + 1]:
                        m.add_bool_or(~v, ~cells[s.id, d + 1][u])
        for t, most in s.max_shifts.items():
            if most < h:
                m.add(sum(cells[s.id, d][t] for d in range(h) if t in cells[s.id, d]) <= most)
        minutes = sum(inst.minutes[t] * v for d in range(h) for t, v in cells[s.id, d].items())
        m.add_linear_constraint(minutes, s.min_minutes, s.max_minutes)
        for d in range(h - s.max_consec):
            m.add_bool_or(~w for w in works[d:d + s.max_consec + 1])
        for length in range(1, s.min_consec):  # off, `length` days of work, off
            for d in range(1, h - length):
                run = [~w for w in works[d:d + length]]
                m.add_bool_or([works[d - 1], *run, works[d + length]])
        for length in range(1, s.min_consec_off):
            for d in range(1, h - length):
                m.add_bool_or([~works[d - 1], *works[d:d + length], ~works[d + length]])
        weekends = []
        for d in range(5, h, 7):
            w = m.new_bool_var("")
            for day in range(d, min(d + 2, h)):
                m.add_implication(works[day], w)
            weekends.append(w)
        m.add(sum(weekends) <= s.max_weekends)
    for (e, d, t), w in inst.on.items():
        terms.append(w * (1 - cells[e, d].get(t, 0)))
    for (e, d, t), w in inst.off.items():
        terms.append(w * cells[e, d].get(t, 0))
    for key, (need, under, over) in inst.cover.items():
        short, more = m.new_int_var(0, need, ""), m.new_int_var(0, len(inst.staff), "")
        m.add(sum(crew[key]) + short - more == need)
        terms += [under * short, over * more]
    m.minimize(sum(terms))
    return m, cells


def main():
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("instance")
    cli.add_argument("--seconds", type=float, default=60)
    cli.add_argument("--workers", type=int, default=2)
    args = cli.parse_args()
    began, inst = time.time(), nrp_check.parse(args.instance)
    m, cells = build(inst)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(1, args.seconds - (time.time() - began))
    solver.parameters.num_workers = args.workers
    found = solver.solve(m) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    if found:
        for s in inst.staff:
            row = (next((t for t, v in cells[s.id, d].items() if solver.value(v)), "-") for d in range(inst.horizon))
            print(s.id, *row)
    cost = round(solver.objective_value) if found else None
    bound = int(-(-(solver.best_objective_bound - 1e-6) // 1))
    print(json.dumps({"bound": bound, "said": f"cost {cost}"}), file=sys.stderr)


if __name__ == "__main__":
    main()
