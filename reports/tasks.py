"""Work outside the request: ids in, one call of the domain."""

from celery import shared_task
from django.conf import settings

from reports.domain import renderings


@shared_task(name="reports.render", soft_time_limit=480, time_limit=540)
def render(*, rendering_id):
    renderings.make(rendering_id)


@shared_task(name="reports.sweep_renderings", time_limit=60, expires=settings.RENDER_SWEEP_EVERY)
def sweep_renderings():
    for rendering_id in renderings.take_up_lost():
        render.delay(rendering_id=rendering_id)
