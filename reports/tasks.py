"""Work outside the request: ids in, one call of the domain."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from blocs.domain import obligations, retention
from blocs.models import BlocYear
from reports.domain import messages, reminders, renderings


@shared_task(name="reports.render", soft_time_limit=480, time_limit=540)
def render(*, rendering_id):
    renderings.make(rendering_id)


@shared_task(name="reports.sweep_renderings", time_limit=60, expires=settings.RENDER_SWEEP_EVERY)
def sweep_renderings():
    for rendering_id in renderings.take_up_lost():
        render.delay(rendering_id=rendering_id)


@shared_task(name="reports.deliver", soft_time_limit=90, time_limit=120)
def deliver(*, message_id):
    messages.deliver(message_id)


@shared_task(name="reports.sweep_messages", time_limit=60, expires=settings.RENDER_SWEEP_EVERY)
def sweep_messages():
    for message_id in messages.take_up_lost():
        deliver.delay(message_id=message_id)


@shared_task(name="reports.remove_old", time_limit=540)
def remove_old():
    """What the retention classes keep no longer."""
    retention.remove_old()


@shared_task(name="reports.remind", time_limit=540)
def remind():
    """The letters of today; a message that gets lost here is found by the sweep."""
    for message_id in reminders.remind(timezone.localdate()):
        deliver.delay(message_id=message_id)


@shared_task(name="reports.renew_obligations", time_limit=540)
def renew_obligations():
    """Seats begin and end with a day, without an act that could renew what is owed; one year after another."""
    for year in obligations.counting().order_by("year").values_list("year", flat=True).distinct():
        obligations.renew(BlocYear.objects.filter(year=year))
