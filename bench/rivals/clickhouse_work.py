"""clickhouse_work.py WORK KEYS EVENTS: ClickHouse inside the process (chdb)."""

import io
import sys

import pyarrow.parquet
from chdb import session

from measure import DATA, DAY, HOP, HOUR, THREADS, WINDOWS, run

work, keys, events = sys.argv[1], sys.argv[2], int(sys.argv[3])
database = session.Session()
columns = ", ".join(f"assumeNotNull({name}) as {name}" for name in ("id", "card", "merchant", "amount", "event_time"))
database.query("create database if not exists work engine = Atomic")
database.query(f"""create table work.transactions engine = Memory as select {columns}
                   from file('{DATA}/transactions_{events}_{keys}.parquet', Parquet)""")

FEATURES = {"count": "count(amount)", "sum": "sum(amount)", "mean": "avg(amount)", "min": "min(amount)",
            "max": "max(amount)", "stddev": "stddevSamp(amount)"}


def over(length):
    return f"over (partition by card order by event_time range between {length - 1} preceding and current row)"


def query():
    if work == "trailing":
        clauses = [f"{sql} {over(length)} as {name}_{window}"
                   for window, length in WINDOWS.items() for name, sql in FEATURES.items()]
        return f"select id, {', '.join(clauses)} from work.transactions"
    if work == "distinct":
        return f"select id, uniqExact(merchant) {over(DAY)} as merchants_24h from work.transactions"
    if work == "hopping":
        hops = ", ".join(str(i) for i in range(HOUR // HOP))
        return f"""select card, (event_time div {HOP} - hop) * {HOP} as window_start, count(*) as count, sum(amount) as sum,
                   max(amount) as max from work.transactions cross join (select arrayJoin([{hops}]) as hop) as hops
                   group by card, window_start"""
    if work == "tumbling":
        return f"""select card, event_time div {HOUR} * {HOUR} as window_start, count(*) as count, sum(amount) as sum
                   from work.transactions group by card, window_start"""
    sys.exit(f"no such work: {work}")


def once():
    database.query("drop table if exists work.answer sync")
    database.query(f"create table work.answer engine = Memory as {query()} settings max_threads = {THREADS}")


def answer(_):
    return pyarrow.parquet.read_table(io.BytesIO(database.query("select * from work.answer", "Parquet").bytes()))


run("ClickHouse", work, keys, events, once, answer)
