"""The built console finds its server where it was loaded from."""

from gdftu_app.components.look.same_origin import SameOriginPlugin, same_origin


def test_addresses_become_the_pages_own_origin():
    built = 'a={PING:"http://localhost:8000/ping",EVENT:`ws://localhost:8000/_event`}'

    assert same_origin(built) == (
        'a={PING:globalThis.location.origin+"/ping",EVENT:globalThis.location.origin.replace("http","ws")+`/_event`}'
    )


def test_only_the_chunk_with_the_addresses_is_rewritten(tmp_path):
    (tmp_path / "assets").mkdir()
    env, other = tmp_path / "assets" / "reflex-env-abc.js", tmp_path / "assets" / "other.js"
    for chunk in (env, other):
        chunk.write_text('x="http://localhost:3000/"')

    SameOriginPlugin().post_build(static_dir=str(tmp_path))

    assert "localhost" not in env.read_text()
    assert "localhost" in other.read_text()
