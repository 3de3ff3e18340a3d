using System.Text.Json;
using Microsoft.Playwright;
using Streams.Testing;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Streams.Page.Tests;

/// <summary>The page of one stream.</summary>
public sealed class StreamPageTests(PageSystem page) : PageTest(page)
{
    [Fact]
    public async Task Charts_begin_with_what_the_server_kept_and_go_on()
    {
        await using Visit visit = await Site.Visit();
        string id = (await Site.Run(1, "chart"))[0];
        await Eventually.Get(() => Samples(id), static samples => samples >= 2, "two samples kept");
        await visit.Page.GotoAsync($"/streams/{id}");
        ILocator line = visit.Page.Locator("[data-chart=fps] path.line");
        await Expect(line).ToHaveAttributeAsync("d", new System.Text.RegularExpressions.Regex("^M.*L"));
        string before = (await line.GetAttributeAsync("d"))!;
        await Eventually.Get(() => line.GetAttributeAsync("d"), now => now!.Count('L') > before.Count('L'), "another sample in the chart");
        await Expect(visit.Page.Locator("[data-chart=fps] svg")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("Frames a second.*25.0"));
    }

    [Fact]
    public async Task Stop_resume_and_restart_go_by_keyboard_alone_and_ask_before()
    {
        await using Visit visit = await Site.Visit();
        string id = (await Site.Run(1, "keys"))[0];
        await visit.Page.GotoAsync($"/streams/{id}");
        ILocator phase = visit.Page.Locator("#state .phase");
        ILocator dialog = visit.Page.GetByRole(AriaRole.Dialog);

        await visit.TabTo(Button(visit, "Stop…"));
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToContainTextAsync($"Stop {id}?");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(Button(visit, "Stop…")).ToBeFocusedAsync();
        Assert.Equal("Running", (await Site.System.Status(id))!.Value.GetProperty("phase").GetString());

        await Confirm(visit, "Stop");
        await Expect(phase).ToHaveTextAsync("Offline");
        await Expect(visit.Page.Locator("#state .note")).ToHaveTextAsync("stopped by an operator");
        await visit.TabTo(Button(visit, "Resume…"));
        await Confirm(visit, "Resume");
        await Site.System.WaitForFrames(id, 2);
        await Expect(phase).ToHaveTextAsync("Running");
        await visit.TabTo(Button(visit, "Restart…"));
        await Confirm(visit, "Restart");
        await Site.System.WaitForFrames(id, 3);
        await Expect(visit.Page.Locator("#log-run")).ToHaveTextAsync("run 3");
        await Expect(visit.Page.Locator("#timeline li b").Filter(new() { HasTextRegex = new("^(Stop|Resume|Restart)$") })).ToHaveTextAsync(["Restart", "Resume", "Stop"]);
    }

    [Fact]
    public async Task A_refusal_is_told_in_words()
    {
        await using Visit visit = await Site.Visit();
        visit.Expected.Add("409");
        string id = (await Site.Run(1, "refuse"))[0];
        await Site.System.Media.EndSynthetic(id);
        await Site.System.WaitForPhase(id, "Offline");
        await visit.Page.GotoAsync($"/streams/{id}");
        await Button(visit, "Restart…").ClickAsync();
        await Button(visit, "Restart").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Refused. Nobody publishes the stream's input: there is nothing to work on.");
        await visit.Page.GetByRole(AriaRole.Dialog).GetByText("Cancel").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Without_script_a_page_asks_for_confirmation()
    {
        await using Visit visit = await Site.Visit(new() { JavaScriptEnabled = false });
        string id = (await Site.Run(1, "forms"))[0];
        await visit.Page.GotoAsync($"/streams/{id}");
        await Expect(visit.Page.Locator("#state .phase")).ToHaveTextAsync("Running");
        await Button(visit, "Stop…").ClickAsync();
        await Button(visit, "Stop").ClickAsync();
        await visit.Page.WaitForURLAsync($"**/streams/{id}"); // And until it is loaded: a page that is still coming cannot be loaded again.
        await Site.System.WaitForPhase(id, "Offline");
        await visit.Page.GotoAsync($"/streams/{id}");
        await Expect(visit.Page.Locator("#state .note")).ToHaveTextAsync("stopped by an operator");
        await Expect(Button(visit, "Resume…")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_profile_is_chosen_and_what_its_worker_writes_is_text_and_nothing_else()
    {
        await using Visit visit = await Site.Visit();
        string id = (await Site.Run(1, "hurt", "a=%3Cscript%3Ewindow.hurt%3D1%3C/script%3E&b=<script>window.hurt=1</script>"))[0];
        await visit.Page.GotoAsync($"/streams/{id}");
        await Button(visit, "Change profile…").ClickAsync();
        await visit.Page.GetByLabel("Profile", new() { Exact = true }).SelectOptionAsync(PageSystem.HostileProfile);
        await Button(visit, "Change profile").ClickAsync();
        await Expect(visit.Page.Locator("#facts")).ToContainTextAsync(PageSystem.HostileProfile);
        await Expect(visit.Page.Locator("#facts")).ToContainTextAsync("<script>");
        await Expect(visit.Page.Locator("#log")).ToContainTextAsync(PageSystem.Hostile);
        await Expect(visit.Page.Locator("#trouble .banner")).ToContainTextAsync(PageSystem.Hostile);
        await visit.Page.Locator("#timeline summary").First.ClickAsync();
        await Expect(visit.Page.Locator("#timeline details").First).ToContainTextAsync(PageSystem.Hostile);

        await visit.Page.GotoAsync("/?q=" + Uri.EscapeDataString(PageSystem.Hostile));
        await Expect(visit.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync(PageSystem.Hostile);
        await Expect(visit.Page.Locator("#none")).ToContainTextAsync("No stream fits.");
        await visit.Page.GotoAsync($"/?q={id}");
        await Expect(visit.Cell(id, "reason")).ToContainTextAsync(PageSystem.Hostile);
        Assert.Equal(0, await visit.Page.Locator("img").CountAsync());
    }

    [Fact]
    public async Task What_is_folded_open_and_focused_stays_while_the_page_renews_itself()
    {
        await using Visit visit = await Site.Visit();
        string id = (await Site.Run(1, "stay"))[0];
        await visit.Page.GotoAsync($"/streams/{id}");
        await Button(visit, "Restart…").ClickAsync();
        await Button(visit, "Restart").ClickAsync();
        await Site.System.WaitForFrames(id, 2);
        ILocator details = visit.Page.Locator("#timeline details").First;
        await details.Locator("summary").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        Processes.Signal(StreamsSystem.Pid((await Site.System.Status(id))!.Value), Processes.KillSignal);
        await Expect(visit.Page.Locator("#timeline details")).ToHaveCountAsync(2);
        await Expect(visit.Page.Locator("#timeline details").Last).ToHaveAttributeAsync("open", "");
        await Expect(visit.Page.Locator("#timeline details").Last.Locator("summary")).ToBeFocusedAsync();
    }

    private static ILocator Button(Visit visit, string name) => visit.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    // The focus is on the button that opens the dialog; in the dialog it is on the one that confirms.
    private static async Task Confirm(Visit visit, string verb)
    {
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(Button(visit, verb)).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
    }

    private async Task<int> Samples(string id)
    {
        string answer = await Site.System.Api.GetStringAsync(new Uri($"/v1/streams/{id}/samples", UriKind.Relative));
        return JsonDocument.Parse(answer).RootElement.GetProperty("samples").GetArrayLength();
    }
}
