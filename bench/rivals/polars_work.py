"""polars_work.py WORK KEYS EVENTS"""

import os
import sys

from measure import DATA, DAY, GAP, HOP, HOUR, THREADS, WINDOWS, run

os.environ["POLARS_MAX_THREADS"] = str(THREADS)
import polars  # noqa: E402  (it reads the number of threads when it is loaded)

work, keys, events = sys.argv[1], sys.argv[2], int(sys.argv[3])
transactions = polars.read_parquet(f"{DATA}/transactions_{events}_{keys}.parquet").lazy()
labels = polars.read_parquet(f"{DATA}/labels_{keys}.parquet").lazy()
customers = polars.read_parquet(f"{DATA}/customers.parquet").lazy()
amount = polars.col("amount")
time = polars.from_epoch("event_time", time_unit="ms").alias("time")


def features(window):
    of = {"count": amount.count(), "sum": amount.sum(), "mean": amount.mean(), "min": amount.min(),
          "max": amount.max(), "stddev": amount.std()}
    return [expression.alias(f"{name}_{window}") for name, expression in of.items()]


def rolling_by(window, length):
    """The form for rows that ask and are not asked about: each window rolled over its card."""
    options = {"by": "clock", "window_size": f"{2 * length - 1}i", "closed": "right"}
    of = {"count": polars.col("one").rolling_sum_by(**options), "sum": amount.rolling_sum_by(**options),
          "mean": amount.rolling_mean_by(**options), "min": amount.rolling_min_by(**options),
          "max": amount.rolling_max_by(**options), "stddev": amount.rolling_std_by(**options)}
    return [expression.over("card").alias(f"{name}_{window}") for name, expression in of.items()]


asof = labels.sort("event_time").join_asof(
    customers.sort("since"), left_on="event_time", right_on="since", by="card", strategy="backward", allow_exact_matches=False)
asof = asof.select("id", "segment", "credit_limit")


def query():
    if work in ("trailing", "distinct"):
        by_card = transactions.with_columns(time).sort("card", "time")
        if work == "distinct":
            last = polars.col("id").last()
            return by_card.rolling("time", period=f"{DAY}ms", closed="right", group_by="card").agg(
                last, polars.col("merchant").n_unique().alias("merchants_24h")).drop("time", "card")
        parts = [by_card.rolling("time", period=f"{length}ms", closed="right", group_by="card")
                 .agg(*features(window)).drop("time", "card") for window, length in WINDOWS.items()]
        return polars.concat([by_card.select("id"), *parts], how="horizontal")
    if work == "asof":
        return asof
    if work == "spine":
        # Labels stand half a millisecond before the transactions of their time, and so see what is strictly before.
        nothing = polars.lit(None)
        everything = polars.concat([
            transactions.select("card", (2 * polars.col("event_time")).alias("clock"), "amount",
                                nothing.cast(polars.Int64).alias("id"), polars.lit(1, polars.Int64).alias("one")),
            labels.select("card", (2 * polars.col("event_time") - 1).alias("clock"),
                          nothing.cast(polars.Float64).alias("amount"), "id", polars.lit(0, polars.Int64).alias("one")),
        ]).sort("clock")
        windows = [feature for window, length in WINDOWS.items() for feature in rolling_by(window, length)]
        return everything.select("id", *windows).filter(polars.col("id").is_not_null()).join(asof, on="id")
    if work == "hopping":
        return transactions.with_columns(time).sort("time").group_by_dynamic(
            "time", every=f"{HOP}ms", period=f"{HOUR}ms", offset=f"-{HOUR - HOP}ms", closed="left", group_by="card"
        ).agg(amount.count().alias("count"), amount.sum().alias("sum"), amount.max().alias("max")).rename(
            {"time": "window_start"})
    if work == "tumbling":
        start = (polars.col("event_time") // HOUR * HOUR).alias("window_start")
        return transactions.group_by("card", start).agg(amount.count().alias("count"), amount.sum().alias("sum"))
    if work == "sessions":
        gap = (polars.col("event_time").diff() > GAP) | (polars.col("card") != polars.col("card").shift())
        return transactions.sort("card", "event_time").with_columns(gap.fill_null(True).cum_sum().alias("session")).group_by(
            "card", "session").agg(polars.col("event_time").min().alias("window_start"), amount.count().alias("count"),
                                   amount.sum().alias("sum")).drop("session")
    sys.exit(f"no such work: {work}")


rows = 1_000_000 if work in ("asof", "spine") else events
run("Polars", work, keys, rows, lambda: query().collect(), lambda frame: frame.to_arrow())
