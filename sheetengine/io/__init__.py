"""Files to plain documents and back; nothing here knows a Workbook.

In: .xlsx, .xlsm and .csv files, from a path, bytes or a file object. Out: a `document.Document`, columnar. The way back is
`xlsx_patch` for a file that was opened (every part it does not change is copied as it is), `xlsx_write` for a new one.
"""
