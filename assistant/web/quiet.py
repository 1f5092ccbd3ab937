"""What has to be set before Gradio is imported, so that nothing leaves the machine."""

from __future__ import annotations

import os

# Gradio reads these when it is imported: usage statistics and the look-up of newer versions
# (which also delays an exit without network), run history in the browser, the model hub.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_RUN_HISTORY"] = "False"
os.environ["GRADIO_SHARE"] = "False"
os.environ.setdefault("HF_HUB_OFFLINE", "1")
