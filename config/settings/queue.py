"""Celery on Redis, or on folders where there is no server. The ``Rendering`` row is the truth, not the queue."""

from celery.schedules import crontab

from config.settings.database import REDIS_URL
from config.settings.env import VAR_DIR, env

VAR_DIR.mkdir(parents=True, exist_ok=True)  # the beat keeps its clock here

if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
else:
    _broker = VAR_DIR / "broker"
    for _name in ("messages", "done", "control"):
        (_broker / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "messages"),
        "data_folder_out": str(_broker / "messages"),
        "processed_folder": str(_broker / "done"),
        "control_folder": str(_broker / "control"),
        "store_processed": False,
        "polling_interval": 0.1,  # seconds; the default second is a pause between every two reports
    }

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = env.int("WORKER_MAX_TASKS_PER_CHILD", default=100)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 280_000  # kB; a child above it is replaced after its task
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# A queued row (a paper, a letter) whose message was lost, or a running one whose worker died, is taken up again after
# these seconds.
RENDER_QUEUE_LOST_AFTER = env.int("RENDER_QUEUE_LOST_AFTER", default=60)
RENDER_RUN_LOST_AFTER = env.int("RENDER_RUN_LOST_AFTER", default=600)
RENDER_SWEEP_EVERY = env.int("RENDER_SWEEP_EVERY", default=30)

CELERY_BEAT_SCHEDULE = {
    "take-up-lost-renderings": {"task": "reports.sweep_renderings", "schedule": float(RENDER_SWEEP_EVERY)},
    "take-up-lost-messages": {"task": "reports.sweep_messages", "schedule": float(RENDER_SWEEP_EVERY)},
    # Vietnam's clock (CELERY_TIMEZONE)
    "renew-obligations": {"task": "reports.renew_obligations", "schedule": crontab(hour=2, minute=30)},
    "remove-old": {"task": "reports.remove_old", "schedule": crontab(hour=3, minute=0)},
    "remind": {"task": "reports.remind", "schedule": crontab(hour=7, minute=0)},
}
