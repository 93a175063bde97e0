from __future__ import annotations

from collections.abc import Callable

import pytest
from kombu import Consumer, Message
from redis.exceptions import RedisError

from engines.redis_server import RedisServer
from studyteddy.adapters.celery_jobs.app import QueueName, celery_app

END: dict[str, Callable[[Message], None]] = {"ack": Message.ack, "reject": Message.reject, "requeue": Message.requeue}


@pytest.mark.parametrize("how", END)
def test_a_message_that_could_not_be_taken_off_the_queue_leaves_its_place_to_the_next(
    queue_server: RedisServer, how: str
) -> None:
    """A worker whose places are all taken by such messages would wait for ever, and say nothing."""
    app = celery_app(queue_server.url)
    app.send_task("nothing", queue=QueueName.DEFAULT)
    taken: list[Message] = []
    with app.connection_for_read() as connection:
        channel = connection.default_channel
        queue = app.amqp.queues[QueueName.DEFAULT]
        with Consumer(channel, [queue], on_message=taken.append, prefetch_count=1):
            connection.drain_events(timeout=10)
            assert not channel.qos.can_consume()
            queue_server.kill()
            try:
                with pytest.raises((RedisError, OSError)):
                    END[how](taken[0])
                assert channel.qos.can_consume()
            finally:
                queue_server.start()
