"""Files that arrive in pieces over connections that break: received, checked when whole, handed to a room once."""

from institute.files.uploads.claiming import claim as claim
