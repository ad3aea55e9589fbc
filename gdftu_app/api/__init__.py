"""The API (`/api/v1`) of mini-programs and other clients that act for a member (decision 0024)."""
