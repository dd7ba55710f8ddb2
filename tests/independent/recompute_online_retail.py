#!/usr/bin/env python3
"""Recomputes features of examples/01_online_retail.cpp from its input, with rational numbers and nothing of ours.

usage: recompute_online_retail.py EVENTS.csv[.gz] FEATURES.csv[.gz] [SEED]

FEATURES is what `01_online_retail backfill` wrote. Of 1,000 of its rows, chosen by SEED, 20 features are computed again,
each from its sentence and by the obvious way: the rows of the key whose time lies in the window, then an exact sum, set,
minimum or sorted list of them. Every double of the file is the fraction that it stands for; sums, means and variances
are fractions, rounded once at the end. Prints `20 features x 1000 rows: N differences`; exit status 1 if there is one.
"""

import csv
import gzip
import random
import sys
from bisect import bisect_left, bisect_right
from fractions import Fraction
from itertools import accumulate
from math import isqrt

ROWS = 1000
DAY = 86_400_000_000  # microseconds


def open_text(path):
    return gzip.open(path, "rt", encoding="utf-8", newline="") if path.endswith(".gz") else open(path, encoding="utf-8", newline="")


class Event:
    __slots__ = ("seq", "time", "invoice", "product", "quantity", "price", "customer", "spent")

    def __init__(self, row):
        self.seq = int(row["seq"])
        self.time = int(row["ts"]) * 1000  # the file counts milliseconds
        self.invoice = row["invoice"]
        self.product = row["stock_code"]
        self.quantity = int(row["quantity"])
        self.price = float(row["unit_price"])
        self.customer = int(row["customer_id"]) if row["customer_id"] else None
        # An expression over fields is ordinary IEEE arithmetic: one multiplication, rounded.
        self.spent = float(self.quantity) * self.price


class Group:
    """The events of one key in order of time, and exact running totals, made when first asked for."""

    def __init__(self):
        self.events = []
        self.times = []
        self.totals = {}

    def add(self, event):
        self.events.append(event)
        self.times.append(event.time)

    def trailing(self, t, width):
        """(t - width, t]: the event itself and its ties are in, an event at exactly t - width is out."""
        low = 0 if width is None else bisect_right(self.times, t - width)
        return low, bisect_right(self.times, t)

    def before(self, t, width):
        """[t - width, t): everything strictly before t."""
        return bisect_left(self.times, t - width), bisect_left(self.times, t)

    def values(self, window, value):
        return [value(event) for event in self.events[slice(*window)]]

    def total(self, window, name, value):
        """The exact sum. Fractions lose nothing, so the difference of two running totals is the sum between them."""
        if name not in self.totals:
            self.totals[name] = list(accumulate((Fraction(value(event)) for event in self.events), initial=Fraction(0)))
        low, high = window
        return self.totals[name][high] - self.totals[name][low]

    def prices(self, window):
        """How many, their mean and their sample variance; the latter None for fewer than two."""
        count = window[1] - window[0]
        if count == 0:
            return 0, None, None
        total = self.total(window, "price", lambda event: event.price)
        squares = self.total(window, "price squared", lambda event: Fraction(event.price) ** 2)
        variance = (squares - total * total / count) / (count - 1) if count > 1 else None
        return count, total / count, variance


def rounded(x):
    """The double nearest to a fraction, ties to even: what division of two Python integers is defined to give."""
    return x.numerator / x.denominator


def rounded_root(x):
    """The double nearest to the square root of a fraction that is not negative."""
    if x == 0:
        return 0.0
    # An integer part of at least 60 bits, and below it one bit that says whether anything was cut off: enough to
    # decide every rounding to 53 bits.
    shift = max(0, 62 + (x.denominator.bit_length() - x.numerator.bit_length()) // 2)
    scaled, rest = divmod(x.numerator << 2 * shift, x.denominator)
    root = isqrt(scaled)
    inexact = rest != 0 or root * root != scaled
    return rounded(Fraction(2 * root + inexact, 1 << shift + 1))


def ratio(a, b):
    """A derived quotient: of null or by zero it is null, else one IEEE division of the two features as doubles."""
    return None if a is None or b is None or b == 0 else float(a) / float(b)


def zscore(group, event, width):
    count, mean, variance = group.prices(group.before(event.time, width))
    if count < 2 or variance == 0:
        return None
    distance = Fraction(event.price) - mean
    size = rounded_root(distance * distance / variance)
    return -size if distance < 0 else size


def features(event, customer, product):
    """The 20 features of one event by name, given the groups of its two keys."""
    t = event.time
    week, month, quarter, ever = (customer.trailing(t, width) for width in (7 * DAY, 30 * DAY, 90 * DAY, None))
    spent = lambda window: rounded(customer.total(window, "spent", lambda e: e.spent))
    orders = lambda window: len({e.invoice for e in customer.events[slice(*window)] if e.quantity > 0})
    returned = lambda window: sum(e.quantity < 0 for e in customer.events[slice(*window)])
    previous = bisect_left(customer.times, t)
    since_last = t - customer.times[previous - 1] if previous else None

    p_week, p_month, p_quarter = (product.trailing(t, width) for width in (7 * DAY, 30 * DAY, 90 * DAY))
    demand = lambda window: sum(product.values(window, lambda e: e.quantity))
    _, mean, variance = product.prices(p_quarter)
    prices = sorted(product.values(p_quarter, lambda e: e.price))

    return {
        "lines_30d": month[1] - month[0],
        "returned_90d": returned(quarter),
        "orders_7d": orders(week),
        "orders_lifetime": orders(ever),
        "spend_7d": spent(week),
        "spend_90d": spent(quarter),
        "spend_lifetime": spent(ever),
        "items_30d": sum(customer.values(month, lambda e: e.quantity)),
        "products_90d": len(set(customer.values(quarter, lambda e: e.product))),
        "since_last_lifetime": since_last,
        "demand_30d": demand(p_month),
        "buyers_90d": len(set(product.values(p_quarter, lambda e: e.customer)) - {None}),
        "price_z_30d": zscore(product, event, 30 * DAY),
        "price_mean_90d": rounded(mean),
        "price_sd_90d": None if variance is None else rounded_root(variance),
        "price_min_90d": prices[0],
        "price_median_90d": prices[(len(prices) + 1) // 2 - 1],  # nearest rank
        "basket_90d": ratio(spent(quarter), orders(quarter)),
        "days_since_last": ratio(since_last, 86_400e6),
        "demand_trend": ratio(demand(p_week), demand(p_month)),
    }


def text(value):
    """Null is an empty cell; a double is the shortest text that reads back as the same bits, which is repr."""
    return "" if value is None else repr(value)


def main(arguments):
    if len(arguments) not in (2, 3):
        sys.exit(__doc__)
    seed = arguments[2] if len(arguments) == 3 else "1"

    with open_text(arguments[0]) as file:
        events = [Event(row) for row in csv.DictReader(file)]
    events.sort(key=lambda event: (event.time, event.seq))
    customers, products = {}, {}
    for event in events:
        # Events without a customer are one group, as in GROUP BY.
        customers.setdefault(event.customer, Group()).add(event)
        products.setdefault(event.product, Group()).add(event)

    chosen = set(random.Random(seed).sample(range(len(events)), min(ROWS, len(events))))
    compared, differences, names, lines = 0, 0, set(), 0
    with open_text(arguments[1]) as file:
        header = next(csv.reader([next(file)]))
        for number, line in enumerate(file):
            lines += 1
            if number not in chosen:
                continue
            row = dict(zip(header, next(csv.reader([line]))))
            event = events[number]
            expected = features(event, customers[event.customer], products[event.product])
            # Rows come in canonical order, so the place of a row says whose it is.
            expected.update(seq=event.seq, ts=event.time)
            names |= expected.keys() - {"seq", "ts"}
            compared += 1
            for name, value in expected.items():
                if row.get(name) != text(value):
                    differences += 1
                    if differences <= 20:
                        print(f"row {number}, seq {event.seq}: {name} is {row.get(name)!r}, should be {text(value)!r}")
    if lines != len(events):
        differences += 1
        print(f"the file has {lines} rows, should have {len(events)}")
    print(f"{len(names)} features x {compared} rows: {differences} differences")
    return 1 if differences or compared == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
