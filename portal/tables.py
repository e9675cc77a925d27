"""Every table there is, so that migrations and tests see the whole schema at once."""

import portal.foundation.accounts.models
import portal.foundation.audit.models
import portal.foundation.deadlines.models
import portal.foundation.files.models
import portal.foundation.imports.models
import portal.foundation.notifications.models
import portal.foundation.notifications.ways.models
import portal.foundation.organisations.models
import portal.foundation.places.models
import portal.foundation.policies.models
import portal.foundation.publishing.approvals.models
import portal.foundation.publishing.models
import portal.foundation.publishing.opinions.models
import portal.foundation.runs.models
import portal.foundation.schedule.models
import portal.foundation.search.models
import portal.foundation.signins.factors.models
import portal.foundation.signins.links.models
import portal.foundation.signins.openid.models
import portal.foundation.signins.sessions.models
import portal.foundation.signins.tries.models
import portal.foundation.siteversion.models
import portal.foundation.workdays.models
import portal.oversight.circulars.models
import portal.oversight.tasks.models
import portal.powers.duties.models
import portal.powers.filings.models
import portal.powers.handouts.models
import portal.powers.handovers.models
import portal.powers.lists.adjusting.models
import portal.powers.lists.cube.models
import portal.powers.lists.models
import portal.powers.matters.models
import portal.powers.points.models
import portal.powers.reviews.models
import portal.powers.uptakes.models  # noqa: F401
