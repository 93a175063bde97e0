"""The queue of a day as one statement: ``domain.flashcards.queue.order_queue`` in SQL."""

from __future__ import annotations

from studyteddy.adapters.postgres.flashcards.cards import CARD_COLUMNS

# ``Card.comes_up``, judged from the indexes that hold what is due and what is new.
_COMES_UP = "not suspended and (buried_until is null or buried_until <= %(day)s)"
# One row for each card in order, beside the counts; a single row without a card for an empty queue. Part 1 holds the
# due cards, 2 those to be seen again, 3 the new ones. Cards are counted no further than the daily limits go. Divisions
# run in double precision, as in Python, so that the order is the same to the last bit.
_QUEUE = """
with allowed as materialized (
    select decks.id,
           greatest(0, new_per_day - coalesce(done.new, 0)) as new,
           greatest(0, reviews_per_day - coalesce(done.reviews, 0)) as reviews
    from decks
    left join (
        select deck_id, count(*) filter (where kind = 'learn') as new,
               count(*) filter (where kind in ('review', 'relearn')) as reviews
        from reviews
        where owner = %(owner)s and study_day = %(day)s and undone_at is null {of_deck}
        group by deck_id
    ) as done on done.deck_id = decks.id
    where decks.owner = %(owner)s {of_id}
),
counts as (
    select count(*) as decks,
           coalesce(sum((
               select count(*) from (
                   select from cards
                   where deck_id = allowed.id and due_on is null and {comes_up} limit allowed.new
               ) as today
           )), 0)::int as left_new,
           coalesce(sum((
               select count(*) from (
                   select from cards
                   where owner = %(owner)s and deck_id = allowed.id and due_on <= %(day)s and {comes_up}
                   limit allowed.reviews
               ) as today
           )), 0)::int as left_due
    from allowed
),
seen as (
    select count(*)::int as left_again from cards
    where owner = %(owner)s and {comes_up} and due_on > %(day)s and again_on = %(day)s {of_deck}
),
chosen as (
    (select 1 as part, due.id, due.overdue, due.due_on, due.at
     from allowed cross join lateral (
         select id, (%(day)s::date - due_on)::float8 / greatest(1, interval_days) as overdue, due_on, created_at as at
         from cards
         where owner = %(owner)s and deck_id = allowed.id and {comes_up} and due_on <= %(day)s
         order by overdue desc, due_on, created_at, id
         limit least(allowed.reviews, %(row_limit)s)
     ) as due)
    union all
    (select 2, id, 0, null, updated_at
     from cards
     where owner = %(owner)s and {comes_up} and due_on > %(day)s and again_on = %(day)s {of_deck}
     order by updated_at, id
     limit %(row_limit)s)
    union all
    (select 3, new.id, 0, null, new.at
     from allowed cross join lateral (
         select id, created_at as at
         from cards
         where deck_id = allowed.id and due_on is null and {comes_up}
         order by created_at, id
         limit least(allowed.new, %(row_limit)s)
     ) as new)
    order by part, overdue desc, due_on, at, id
    limit %(row_limit)s
)
select counts.decks, counts.left_new, counts.left_due + seen.left_again as left_due, {columns}
from counts cross join seen
left join chosen on true
left join cards on cards.id = chosen.id
order by chosen.part, chosen.overdue desc, chosen.due_on, chosen.at, chosen.id
"""

QUEUE = _QUEUE.format(columns=CARD_COLUMNS, comes_up=_COMES_UP, of_deck="", of_id="")
QUEUE_OF_DECK = _QUEUE.format(
    columns=CARD_COLUMNS,
    comes_up=_COMES_UP,
    of_deck="and deck_id = %(deck_id)s",
    of_id="and decks.id = %(deck_id)s",
)
