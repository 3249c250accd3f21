"""The standard's own words: claims, scopes, roles and media types that this platform sends or accepts."""

from typing import Final

LTI: Final = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_CLAIM: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_CLAIM: Final = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

SCOPE_LINE_ITEM: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
SCOPE_LINE_ITEM_READ: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
SCOPE_RESULT_READ: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
SCOPE_SCORE: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
SCOPE_MEMBERSHIP: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
GRADE_SCOPES: Final = (SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ, SCOPE_RESULT_READ, SCOPE_SCORE)
SCOPES: Final = (*GRADE_SCOPES, SCOPE_MEMBERSHIP)

MEMBERSHIP: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
LEARNER: Final = f"{MEMBERSHIP}Learner"
INSTRUCTOR: Final = f"{MEMBERSHIP}Instructor"
TEACHING_ASSISTANT: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"
ADMINISTRATOR_ROLES: Final = (
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
    "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
)
COURSE_SECTION: Final = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"

LINE_ITEM: Final = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS: Final = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE: Final = "application/vnd.ims.lis.v1.score+json"
RESULTS: Final = "application/vnd.ims.lis.v2.resultcontainer+json"
MEMBERS: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

ACTIVITY_PROGRESS: Final = frozenset({"Initialized", "Started", "InProgress", "Submitted", "Completed"})
GRADING_PROGRESS: Final = frozenset({"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"})
FULLY_GRADED: Final = "FullyGraded"

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

RESOURCE_LINK: Final = "LtiResourceLinkRequest"
DEEP_LINKING: Final = "LtiDeepLinkingRequest"
DEEP_LINKING_ANSWER: Final = "LtiDeepLinkingResponse"
SUBMISSION_REVIEW: Final = "LtiSubmissionReviewRequest"
DL: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SETTINGS_CLAIM: Final = f"{DL}deep_linking_settings"

MENTOR: Final = f"{MEMBERSHIP}Mentor"
INSTITUTION: Final = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SYSTEM_USER: Final = "http://purl.imsglobal.org/vocab/lis/v2/system/person#User"
TEST_USER: Final = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

SCOPE_NOTICE: Final = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
NOTICE_SERVICE_CLAIM: Final = "https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice"
HELLO_NOTICE: Final = "LtiHelloWorldNotice"
COPY_NOTICE: Final = "LtiContextCopyNotice"

TOOL_CONFIGURATION: Final = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM_CONFIGURATION: Final = "https://purl.imsglobal.org/spec/lti-platform-configuration"
CANVAS: Final = "https://canvas.instructure.com/lti/"
