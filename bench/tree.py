"""For bench/tree: customers with orders, items and products, by SQLAlchemy.

By selectinload and joinedload, into objects and on to json text, beside
relnav's text and what json.loads makes of it.  Arguments: the number of rounds,
relnav's statements for 100 and for 1,000 customers, or empty ones, and its
statement for all if all are wanted, too (in one round, by selectinload only).
One line each, with tabs: what, number of statements, medians in ms of relnav's
way to the same (text, or objects) and of this, of the ratios, their quartiles;
NULL where there is no relnav.
"""
import gc
import json
import statistics
import sys
import time

from sqlalchemy import Column, ForeignKey, Integer, Numeric, Text, create_engine, event, select
from sqlalchemy.orm import Session, declarative_base, joinedload, relationship, selectinload

Base = declarative_base()


class Customer(Base):
    __tablename__ = "customer"
    id = Column(Integer, primary_key=True)
    name = Column(Text)
    orders = relationship("Order")


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    customer_id = Column(ForeignKey("customer.id"))
    status = Column(Text)
    total = Column(Numeric(asdecimal=False))
    items = relationship("Item")


class Item(Base):
    __tablename__ = "items"
    id = Column(Integer, primary_key=True)
    order_id = Column(ForeignKey("orders.id"))
    product_id = Column(ForeignKey("product.id"))
    quantity = Column(Integer)
    product = relationship("Product")


class Product(Base):
    __tablename__ = "product"
    id = Column(Integer, primary_key=True)
    name = Column(Text)


def load(session, last, how):
    """The customers with all that belongs to them."""
    path = how(Customer.orders)
    path = getattr(path, how.__name__)(Order.items)
    path = getattr(path, how.__name__)(Item.product)
    return session.scalars(select(Customer).where(Customer.id <= last).options(path)).unique().all()


def trees(customers):
    """What json.dumps takes."""
    return [{"id": c.id, "name": c.name, "orders": [
                {"id": o.id, "status": o.status, "total": o.total, "items": [
                    {"quantity": i.quantity, "product": {"id": i.product.id, "name": i.product.name}}
                    for i in o.items]}
                for o in c.orders]}
            for c in customers]


def by_sqlalchemy(session, last, statement, how):
    """Yields the customers, then json text."""
    customers = load(session, last, how)
    yield customers
    yield json.dumps(trees(customers))


def by_selectinload(session, last, statement):
    return by_sqlalchemy(session, last, statement, selectinload)


def by_joinedload(session, last, statement):
    return by_sqlalchemy(session, last, statement, joinedload)


def by_relnav(session, last, statement):
    """Yields json text, then what json.loads makes of it."""
    cursor = session.connection().connection.cursor()
    cursor.execute(f"SELECT tree_agg::text FROM ({statement}) t")
    text = cursor.fetchone()[0]
    yield text
    yield json.loads(text)


def canonical(text):
    """A tree with its arrays in one order."""
    def ordered(value):
        if isinstance(value, dict):
            return {key: ordered(value[key]) for key in sorted(value)}
        if isinstance(value, list):
            return sorted(map(ordered, value), key=json.dumps)
        return value
    return ordered(json.loads(text))


engine = create_engine("postgresql+psycopg2://")
statements = 0


@event.listens_for(engine, "before_cursor_execute")
def count(*_):
    global statements
    statements += 1


def run(way, last, statement):
    """One way: the times in ms of its two results, the number of its statements, the results."""
    global statements
    with Session(engine) as session:
        session.connection()
        statements = 0
        gc.collect()
        started = time.perf_counter()
        first, second = [(1000 * (time.perf_counter() - started), result) for result in way(session, last, statement)]
        return first, second, statements


def compare(what, last, statement, ways, rounds):
    """Time all ways in turns, and print a line for each result of SQLAlchemy's."""
    objects = {way: [] for way in [by_relnav] + ways}
    texts = {way: [] for way in [by_relnav] + ways}
    counts = {}
    for _ in range(rounds):
        if statement:
            (text, _json), (loaded, _objects), _ = run(by_relnav, last, statement)
            texts[by_relnav].append(text)
            objects[by_relnav].append(loaded)
        for way in ways:
            (loaded, _objects), (text, _json), counts[way] = run(way, last, statement)
            objects[way].append(loaded)
            texts[way].append(text)
    for way in ways:
        for name, times in [("objects", objects), ("json text", texts)]:
            numbers = ["NULL", statistics.median(times[way]), "NULL", "NULL", "NULL"]
            if statement:
                ratios = [a / b for a, b in zip(times[by_relnav], times[way])]
                low, middle, high = statistics.quantiles(ratios, n=4) if rounds > 1 else ratios * 3
                numbers = [statistics.median(times[by_relnav]), statistics.median(times[way]), middle, low, high]
            print(f"{what}: {way.__name__[3:]}, {name}", counts[way], *numbers, sep="\t", flush=True)


ROUNDS, OF_HUNDRED, OF_THOUSAND = int(sys.argv[1]), sys.argv[2], sys.argv[3]

# Before anything is timed: are they the same?
texts = [run(way, 100, OF_HUNDRED)[1][1] for way in [by_selectinload, by_joinedload]]
if OF_HUNDRED:
    texts.append(run(by_relnav, 100, OF_HUNDRED)[0][1])
if any(canonical(text) != canonical(texts[0]) for text in texts[1:]):
    sys.exit("not the same trees")

compare("1,000 customers", 1000, OF_THOUSAND, [by_selectinload, by_joinedload], ROUNDS)
if len(sys.argv) > 4:
    compare("all customers", 10000, sys.argv[4], [by_selectinload], 1)
