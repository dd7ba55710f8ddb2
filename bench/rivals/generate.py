"""generate.py DIRECTORY EVENTS...: the data that every system of this comparison reads, seeded.

transactions_EVENTS_KEYS  id (rank in event time), card, merchant, amount (two decimals, log-normal),
                          event_time (ms, 30 days), in order of arrival: 5 % of them come up to ten minutes late
labels_KEYS               a million questions: id, card, event_time
customers                 500,000 versions: card, since, segment, credit_limit

KEYS is `zipf` (exponent 1.1: the busiest of 100,000 cards has 13.5 % of the rows) or `uniform`. Each table is a Parquet
file and a directory of raw little-endian columns.
"""

import os
import sys

import numpy
import pyarrow
import pyarrow.parquet

CARDS, MERCHANTS = 100_000, 20_000
DAY = 86_400_000
START = 1_767_225_600_000  # 2026-01-01


def zipf(count, exponent):
    shares = numpy.cumsum(1.0 / numpy.arange(1, count + 1) ** exponent)
    return shares / shares[-1]


CARD_SHARES, MERCHANT_SHARES = zipf(CARDS, 1.1), zipf(MERCHANTS, 1.05)
CARD_OF_RANK = numpy.random.default_rng(7).permutation(CARDS)


def cards(random, count, keys):
    if keys == "uniform":
        return random.integers(0, CARDS, count)
    return CARD_OF_RANK[numpy.searchsorted(CARD_SHARES, random.random(count))]


def write(directory, name, columns):
    path = os.path.join(directory, name)
    os.makedirs(path, exist_ok=True)
    for column, values in columns.items():
        numpy.ascontiguousarray(values).tofile(os.path.join(path, column))
    table = pyarrow.table(columns)
    pyarrow.parquet.write_table(table, path + ".parquet", compression="zstd", row_group_size=1 << 20)


def transactions(directory, events, keys):
    random = numpy.random.default_rng([20260101, events, keys == "zipf"])
    event_time = numpy.sort(START + random.integers(0, 30 * DAY, events))
    card = cards(random, events, keys).astype(numpy.int64)
    merchant = numpy.searchsorted(MERCHANT_SHARES, random.random(events)).astype(numpy.int32)
    amount = numpy.maximum(numpy.round(random.lognormal(3.5, 1.2, events), 2), 0.01)
    delay = numpy.where(random.random(events) < 0.05, random.integers(0, 600_000, events), 0)
    arrival = numpy.argsort(event_time + delay, kind="stable")
    columns = {"id": numpy.arange(events), "card": card, "merchant": merchant, "amount": amount, "event_time": event_time}
    columns = {name: values[arrival] for name, values in columns.items()}
    write(directory, f"transactions_{events}_{keys}", columns)


def main(directory, sizes):
    for keys in ("zipf", "uniform"):
        for events in sizes:
            transactions(directory, events, keys)
        random = numpy.random.default_rng([99, keys == "zipf"])
        count = 1_000_000
        card = cards(random, count, keys).astype(numpy.int64)
        event_time = START + random.integers(0, 30 * DAY, count)
        write(directory, f"labels_{keys}", {"id": numpy.arange(count), "card": card, "event_time": event_time})
    random = numpy.random.default_rng(500)
    count = 500_000
    versions = {
        "card": random.integers(0, CARDS, count),
        "since": numpy.sort(START + random.integers(-30 * DAY, 30 * DAY, count)),
        "segment": random.integers(0, 12, count).astype(numpy.int32),
        "credit_limit": numpy.round(random.lognormal(8, 1, count), 2),
    }
    write(directory, "customers", versions)


if __name__ == "__main__":
    main(sys.argv[1], [int(size) for size in sys.argv[2:]])
