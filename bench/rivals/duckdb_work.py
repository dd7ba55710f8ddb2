"""duckdb_work.py WORK KEYS EVENTS"""

import sys

import duckdb

from measure import DATA, DAY, GAP, HOP, HOUR, THREADS, WINDOWS, run

work, keys, events = sys.argv[1], sys.argv[2], int(sys.argv[3])
database = duckdb.connect(config={"threads": THREADS})
for table, file in (
    ("transactions", f"transactions_{events}_{keys}"), ("labels", f"labels_{keys}"), ("customers", "customers"),
):
    database.execute(f"create table {table} as select * from '{DATA}/{file}.parquet'")

FEATURES = {"count": "count(amount)", "sum": "sum(amount)", "mean": "avg(amount)", "min": "min(amount)",
            "max": "max(amount)", "stddev": "stddev_samp(amount)"}


def trailing(table, time, strictly_before=False):
    last = "1 preceding" if strictly_before else "current row"
    first = {name: length if strictly_before else length - 1 for name, length in WINDOWS.items()}
    clauses = [f"{sql} over w{window} as {name}_{window}" for window in WINDOWS for name, sql in FEATURES.items()]
    windows = [f"w{window} as (partition by card order by {time} range between {before} preceding and {last})"
               for window, before in first.items()]
    return ", ".join(clauses), f"from {table} window " + ", ".join(windows)


ASOF = """select labels.id, segment, credit_limit from labels asof left join customers
          on labels.card = customers.card and labels.event_time > customers.since"""


def query():
    if work == "trailing":
        clauses, rest = trailing("transactions", "event_time")
        return f"select id, {clauses} {rest}"
    if work == "distinct":
        return f"""select id, count(distinct merchant) over (partition by card order by event_time range between
                   {DAY - 1} preceding and current row) as merchants_24h from transactions"""
    if work == "asof":
        return ASOF
    if work == "spine":
        clauses, rest = trailing("everything", "event_time", strictly_before=True)
        return f"""with everything as (select null as id, card, event_time, amount from transactions union all
                   select id, card, event_time, null from labels), windows as (select id, {clauses} {rest})
                   select * from windows join ({ASOF}) using (id) where id is not null"""
    if work == "hopping":
        return f"""select card, (event_time // {HOP} - i) * {HOP} as window_start, count(*) as count, sum(amount) as sum,
                   max(amount) as max from transactions cross join range({HOUR // HOP}) hops(i)
                   group by card, window_start"""
    if work == "tumbling":
        return f"""select card, event_time // {HOUR} * {HOUR} as window_start, count(*) as count, sum(amount) as sum
                   from transactions group by card, window_start"""
    if work == "sessions":
        return f"""with gaps as (select card, event_time, amount, case when event_time - lag(event_time) over w <= {GAP} then 0 else 1 end as new
                   from transactions window w as (partition by card order by event_time)),
                   numbered as (select *, sum(new) over (partition by card order by event_time) as session from gaps)
                   select card, min(event_time) as window_start, count(*) as count, sum(amount) as sum from numbered
                   group by card, session"""
    sys.exit(f"no such work: {work}")


def once():
    database.execute("drop table if exists answer")
    database.execute(f"create table answer as {query()}")


rows = 1_000_000 if work in ("asof", "spine") else events
run("DuckDB", work, keys, rows, once, lambda _: database.execute("from answer").to_arrow_table())
