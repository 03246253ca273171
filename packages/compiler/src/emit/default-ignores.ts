/**
 * What the platform leaves out of a truss directory, as git-ignore patterns. Fixed by the platform: a file that one of
 * them matches never reaches the image.
 */
export const DEFAULT_IGNORES: readonly string[] = `
__pycache__/ *.py[cod] *$py.class *.so .Python build/ develop-eggs/ dist/ downloads/ eggs/ .eggs/ lib/ lib64/ parts/
sdist/ var/ wheels/ share/python-wheels/ *.egg-info/ .installed.cfg *.egg MANIFEST .DS_Store *.manifest *.spec
pip-log.txt pip-delete-this-directory.txt htmlcov/ .tox/ .nox/ .coverage .coverage.* .cache nosetests.xml coverage.xml
*.cover *.py,cover .hypothesis/ .pytest_cache/ cover/ *.mo *.pot *.log local_settings.py db.sqlite3 db.sqlite3-journal
instance/ .webassets-cache .scrapy docs/_build/ .pybuilder/ target/ .ipynb_checkpoints profile_default/
ipython_config.py .pdm.toml __pypackages__/ celerybeat-schedule celerybeat.pid *.sage.py .env .venv env/ venv/ ENV/
env.bak/ venv.bak/ .spyderproject .spyproject .ropeproject .mypy_cache/ .dmypy.json dmypy.json .ruff_cache/ .pyre/
.pytype/ cython_debug/ .git *.tmp *.swp
`
  .trim()
  .split(/\s+/);
