-- What a version says of itself. One row per note.

select key, value from version_note order by key
