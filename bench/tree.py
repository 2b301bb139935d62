"""For bench/tree: customers with orders, items and products, by SQLAlchemy.

By selectinload and joinedload, into objects and on to json text, beside
relnav's text and what json.loads makes of it.  Arguments: the number of rounds
for 1,000 customers, relnav's statements for 1,000 and for all, or empty ones.
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


def selectinload_objects(session, last, statement):
    return load(session, last, selectinload)


def selectinload_json(session, last, statement):
    return json.dumps(trees(load(session, last, selectinload)))


def joinedload_objects(session, last, statement):
    return load(session, last, joinedload)


def joinedload_json(session, last, statement):
    return json.dumps(trees(load(session, last, joinedload)))


def relnav_json(session, last, statement):
    cursor = session.connection().connection.cursor()
    cursor.execute(f"SELECT tree_agg::text FROM ({statement}) t")
    return cursor.fetchone()[0]


def relnav_objects(session, last, statement):
    return json.loads(relnav_json(session, last, statement))


def canonical(text):
    """A tree with its arrays in one order."""
    def ordered(value):
        if isinstance(value, dict):
            return {key: ordered(value[key]) for key in sorted(value)}
        if isinstance(value, list):
            return sorted(map(ordered, value), key=json.dumps)
        return value
    return ordered(json.loads(text))


NAMES = {
    selectinload_objects: "selectinload, objects (json.loads)",
    selectinload_json: "selectinload, json text",
    joinedload_objects: "joinedload, objects (json.loads)",
    joinedload_json: "joinedload, json text",
}
OURS = {
    selectinload_objects: relnav_objects,
    selectinload_json: relnav_json,
    joinedload_objects: relnav_objects,
    joinedload_json: relnav_json,
}

engine = create_engine("postgresql+psycopg2://")
statements = 0


@event.listens_for(engine, "before_cursor_execute")
def count(*_):
    global statements
    statements += 1


def run(way, last, statement):
    """The time in ms of one way, the number of its statements, its result."""
    global statements
    with Session(engine) as session:
        session.connection()
        statements = 0
        gc.collect()
        started = time.perf_counter()
        result = way(session, last, statement)
        return 1000 * (time.perf_counter() - started), statements, result


def compare(what, last, statement, ways, rounds):
    """Time all ways in turns, and print a line for each of SQLAlchemy's."""
    times = {way: [] for way in ways}
    counts = {}
    for _ in range(rounds):
        for way in ways:
            ms, counts[way], _result = run(way, last, statement)
            times[way].append(ms)
    for way in (way for way in ways if way in OURS):
        numbers = ["NULL", statistics.median(times[way]), "NULL", "NULL", "NULL"]
        if statement:
            ours = times[OURS[way]]
            ratios = [a / b for a, b in zip(ours, times[way])]
            low, middle, high = statistics.quantiles(ratios, n=4) if rounds > 1 else ratios * 3
            numbers = [statistics.median(ours), statistics.median(times[way]), middle, low, high]
        print(f"{what}: {NAMES[way]}", counts[way], *numbers, sep="\t", flush=True)


ROUNDS, OF_THOUSAND, OF_ALL = int(sys.argv[1]), sys.argv[2], sys.argv[3]
ours_json = [relnav_json] if OF_THOUSAND else []
ours = ours_json + ([relnav_objects] if OF_THOUSAND else [])

# Once before anything is timed: all the same?
texts = [run(way, 1000, OF_THOUSAND)[2] for way in [selectinload_json, joinedload_json] + ours_json]
if any(canonical(text) != canonical(texts[0]) for text in texts[1:]):
    sys.exit("not the same trees")

compare("1,000 customers", 1000, OF_THOUSAND, ours + list(NAMES), ROUNDS)
compare("all customers", 10000, OF_ALL, ours_json + [selectinload_json, joinedload_json], 1)
