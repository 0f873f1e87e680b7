"""Look into the cells: plan each table, count every part of it, keep counts. Never a cell.

* Everything is looked at unless somebody asks for a sample, and then every result says so.
* A plan says for each column what is done and why, and can be printed.
* One task is one part of a table. What is counted adds up to the same, however many processes or
  machines count, and in whatever order.
* A part that is done is kept at once, as counts, with the version of its content. It is read again only
  when its content, the rules or the name of a column may have changed: so a run goes on where it was
  stopped, and a nightly one reads what is new.
* A worker that ends costs its part, which is tried once more and then told.
"""
