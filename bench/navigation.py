"""For bench/navigation: 1,000 customers with their orders, by SQLAlchemy.

Lazily, by selectinload, and by one query with relnav: into the same objects,
and the rows alone.  One line each, with tabs: name, number of statements,
medians in ms of relnav's objects and of this, of the ratios, their quartiles.
"""
import statistics
import sys
import time

from sqlalchemy import Column, Date, ForeignKey, Integer, Text, create_engine, event, select, text
from sqlalchemy.orm import Session, contains_eager, declarative_base, relationship, selectinload

RUNS = int(sys.argv[1])
LAST = 1000

Base = declarative_base()


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    customer_id = Column(ForeignKey("customer.id"))
    ordered_on = Column(Date)
    status = Column(Text)


class Customer(Base):
    __tablename__ = "customer"
    id = Column(Integer, primary_key=True)
    name = Column(Text)
    email = Column(Text)
    orders = relationship(Order)


RELNAV = text("""
    SELECT c.id, c.name, c.email, o.id, o.customer_id, o.ordered_on, o.status
      FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id <= :last
""")
OBJECTS = RELNAV.columns(Customer.id, Customer.name, Customer.email,
                         Order.id, Order.customer_id, Order.ordered_on, Order.status)


def lazily(session):
    customers = session.scalars(select(Customer).where(Customer.id <= LAST))
    return sum(len(customer.orders) for customer in customers.all())


def by_selectinload(session):
    customers = session.scalars(select(Customer).where(Customer.id <= LAST).options(selectinload(Customer.orders)))
    return sum(len(customer.orders) for customer in customers.all())


def relnav_objects(session):
    customers = session.scalars(select(Customer).from_statement(OBJECTS).options(contains_eager(Customer.orders)),
                                {"last": LAST})
    return sum(len(customer.orders) for customer in customers.unique().all())


def relnav_rows(session):
    return len(session.execute(RELNAV, {"last": LAST}).all())


engine = create_engine("postgresql+psycopg2://")
statements = 0


@event.listens_for(engine, "before_cursor_execute")
def count(*_):
    global statements
    statements += 1


ways = [lazily, by_selectinload, relnav_objects, relnav_rows]
times = {way: [] for way in ways}
counts = {}
for run in range(RUNS + 1):
    for way in ways:
        with Session(engine) as session:
            session.connection()
            statements = 0
            started = time.perf_counter()
            if way(session) != 10 * LAST:
                sys.exit(f"{way.__name__}: wrong number of orders")
            if run > 0:
                times[way].append(1000 * (time.perf_counter() - started))
            counts[way] = statements
for way in ways:
    ratios = [ours / theirs for ours, theirs in zip(times[relnav_objects], times[way])]
    low, middle, high = statistics.quantiles(ratios, n=4)
    print(way.__name__, counts[way], statistics.median(times[relnav_objects]), statistics.median(times[way]),
          middle, low, high, sep="\t")
