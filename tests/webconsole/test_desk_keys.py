"""Keys and the command line under a hand that is nervous, or rests."""

from tests.webconsole.desk_scripts import at_the_desk


def test_a_key_held_down_means_its_command_once() -> None:
    """All but walking the queue and zooming, which one holds a key for."""
    ran = at_the_desk("""
        const { addCommand } = await script("commands/registry");
        const { listenToKeys } = await script("keys/keyboard");
        const ran = [];
        const add = (key, more) => addCommand({
          id: key, title: () => key, keys: [key], run: () => void ran.push(key), ...more });
        add("u", {});
        add("j", { repeats: true });
        listenToKeys();
        const press = (key, repeat) => page.listeners.keydown[0](
          { key, repeat, target: document.body, preventDefault() {} });
        for (const key of ["u", "j"]) for (const repeat of [false, true, true]) press(key, repeat);
        await page.settle();
        return ran;
    """)

    assert ran == ["u", "j", "j", "j"]


def test_a_line_is_done_once_however_often_enter_is_pressed() -> None:
    """While it is being done, and while the key is held; afterwards again."""
    ran = at_the_desk("""
        const { addCommand } = await script("commands/registry");
        const { CommandError } = await script("commands/command_error");
        const { openCommandLine } = await script("commands/command_line");
        let ran = 0;
        let done;
        addCommand({ id: "go", title: () => "Go", words: ["go"], run: () => {
          ran += 1;
          return new Promise((_done, refuse) => (done = refuse));
        } });
        openCommandLine("go");
        const input = document.body.querySelector("input");
        const enter = (repeat) => input.dispatch("keydown", { key: "Enter", repeat });
        const counts = [];
        for (const repeat of [false, false, true]) {
          enter(repeat);
          counts.push(ran);
        }
        done(new CommandError("refused"));
        await page.settle();
        enter(true);
        counts.push(ran);
        enter(false);
        counts.push(ran);
        return counts;
    """)

    assert ran == [1, 1, 1, 1, 2]
