"""Workbooks (xlsx): lists written, templates given out, filled ones read; no question is asked of any database."""
