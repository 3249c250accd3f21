"""What an administrator does about a platform: connects it, decides, checks."""
