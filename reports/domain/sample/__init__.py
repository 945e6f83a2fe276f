"""The sample province, after its year files: people, earlier reports, and blocs brought to different steps of the year.

Every step is taken by the functions of the pages and by whoever may take it. Texts stand in ``reports/sample``.
"""
