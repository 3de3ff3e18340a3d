using System.Text.Json;
using Microsoft.Playwright;
using Streams.Testing;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Streams.Page.Tests;

/// <summary>The table of all streams.</summary>
public sealed class TablePageTests(PageSystem page) : PageTest(page)
{
    [Fact]
    public async Task Five_streams_appear_and_move_without_loading_the_page_again()
    {
        await using Visit visit = await Site.Visit();
        await visit.Page.GotoAsync("/");
        await visit.Page.EvaluateAsync("window.loadedOnce = true");
        string[] ids = await Site.Run(5, "move");
        foreach (string id in ids)
        {
            await Expect(visit.Cell(id, "phase")).ToHaveTextAsync("Running");
            await Expect(visit.Cell(id, "fps")).ToHaveTextAsync("25.0");
            await Expect(visit.Cell(id, "speed")).ToHaveTextAsync("1.00×");
            await Expect(visit.Cell(id, "source")).Not.ToHaveTextAsync("–");
        }

        string[] before = await Task.WhenAll(ids.Select(id => Visit.Text(visit.Cell(id, "uptime"))));
        await Task.WhenAll(ids.Zip(before, (id, uptime) => Expect(visit.Cell(id, "uptime")).Not.ToHaveTextAsync(uptime)));

        await Expect(visit.Page.Locator("#nodes")).ToContainTextAsync("reachable");
        await Expect(visit.Page.Locator("#nodes")).ToContainTextAsync("of 100 workers");
        Assert.True(await visit.Page.EvaluateAsync<bool>("window.loadedOnce"), "The page was loaded again.");
    }

    [Fact]
    public async Task A_killed_worker_comes_back_with_its_reason_and_the_generation_that_the_API_tells()
    {
        await using Visit visit = await Site.Visit();
        string id = (await Site.Run(1, "kill"))[0];
        await visit.Page.GotoAsync("/");
        await Expect(visit.Cell(id, "phase")).ToHaveTextAsync("Running");
        JsonElement before = (await Site.System.Status(id))!.Value;
        Processes.Signal(StreamsSystem.Pid(before), Processes.KillSignal);
        await Expect(visit.Cell(id, "reason")).ToContainTextAsync("signal 9");
        await Expect(visit.Page.Locator("#announcements")).ToContainTextAsync(id);
        await Site.System.WaitForFrames(id, 2);
        await Expect(visit.Cell(id, "phase")).ToHaveTextAsync("Running");
        await Expect(visit.Cell(id, "retries")).ToHaveTextAsync("1");

        await visit.Row(id).GetByRole(AriaRole.Link).ClickAsync();
        JsonElement run = (await Ask($"/v1/streams/{id}/runs")).GetProperty("runs")[0];
        JsonElement exit = (await Ask($"/v1/streams/{id}/history")).GetProperty("entries").EnumerateArray().Single(static entry => entry.GetProperty("what").GetString() == "WorkerExited");
        Assert.Equal(1, run.GetProperty("generation").GetInt64());
        ILocator line = visit.Page.Locator("#timeline li", new() { HasText = "WorkerExited" });
        await Expect(line).ToContainTextAsync("run 1");
        await Expect(line).ToContainTextAsync(run.GetProperty("reason").GetString()!);
        await Expect(line).ToContainTextAsync(exit.GetProperty("traceId").GetString()!);
        await Expect(line.Locator("details")).ToContainTextAsync("signal 9");
        await Expect(visit.Page.Locator("#facts")).ToContainTextAsync($"pid {StreamsSystem.Pid((await Site.System.Status(id))!.Value)}");
    }

    [Fact]
    public async Task Phase_and_id_filter_what_is_shown_and_stand_in_the_address()
    {
        await using Visit visit = await Site.Visit();
        string[] ids = await Site.Run(2, "find");
        await visit.Page.GotoAsync("/");
        await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync(ids[0].ToUpperInvariant());
        await Expect(visit.Row(ids[0])).ToBeVisibleAsync();
        await Expect(visit.Row(ids[1])).ToBeHiddenAsync();
        await visit.Page.Locator("#phases a[data-phase=Failed]").ClickAsync();
        await Expect(visit.Row(ids[0])).ToBeHiddenAsync();
        Assert.EndsWith($"/?phase=failed&q={ids[0].ToUpperInvariant()}", visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.Locator("#phases a[data-phase=Running]").ClickAsync();
        await visit.Page.ReloadAsync();
        await Expect(visit.Row(ids[0])).ToBeVisibleAsync();
        await Expect(visit.Row(ids[1])).ToBeHiddenAsync();
        await Expect(visit.Page.Locator("#phases [aria-current]")).ToContainTextAsync("Running");
    }

    [Fact]
    public async Task Without_script_it_says_the_same_as_with_it()
    {
        string[] ids = await Site.Run(1, "plain");
        await Site.System.Media.EndSynthetic(ids[0]);
        await Site.System.WaitForPhase(ids[0], "Offline");
        await using Visit visit = await Site.Visit();
        await visit.Page.GotoAsync($"/?q={ids[0]}");
        await Expect(visit.Page.Locator("#connection")).ToHaveAttributeAsync("data-state", "live");
        string with = Steady(await visit.Row(ids[0]).InnerTextAsync());

        await using Visit plain = await Site.Visit(new() { JavaScriptEnabled = false });
        await plain.Page.GotoAsync($"/?q={ids[0]}");
        Assert.Equal(with, Steady(await plain.Row(ids[0]).InnerTextAsync()));
        await Expect(plain.Page.Locator("noscript .banner")).ToBeVisibleAsync();
        await plain.Page.GetByRole(AriaRole.Searchbox).FillAsync("no-such-stream");
        await plain.Page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Expect(plain.Row(ids[0])).ToBeHiddenAsync();
    }

    [Fact]
    public async Task The_loss_of_the_feed_is_said_with_the_age_of_what_is_shown_and_so_is_its_return()
    {
        await using Visit visit = await Site.Visit();
        visit.Expected.Add("Failed to load resource");
        await visit.Page.RouteAsync("**/v1/feed", static route => route.AbortAsync());
        await visit.Page.RouteAsync("**/parts/nodes", static route => route.AbortAsync());
        await visit.Page.GotoAsync("/");
        ILocator banner = visit.Page.Locator("#feed-away");
        await Expect(banner).ToBeVisibleAsync();
        await Expect(banner).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"What you see is ([3-9]|\d\d) s old"));
        await Expect(visit.Page.Locator("#announcements")).ToContainTextAsync("Not connected");
        await Expect(visit.Page.Locator("#connection")).ToHaveAttributeAsync("data-state", "away");
        await visit.Page.UnrouteAllAsync();
        await Expect(banner).ToBeHiddenAsync();
        await Expect(visit.Page.Locator("#connection")).ToHaveAttributeAsync("data-state", "live");
    }

    [Fact]
    public async Task A_MediaMTX_that_does_not_answer_is_said_on_top()
    {
        await using Visit visit = await Site.Visit();
        await visit.Page.GotoAsync("/");
        await Site.System.Media.Order(new { kind = "api-down" });
        try
        {
            await Expect(visit.Page.Locator("#nodes .banner")).ToContainTextAsync("MediaMTX is unreachable");
        }
        finally
        {
            await Site.System.Media.ClearFaults();
        }

        await Expect(visit.Page.Locator("#nodes .banner")).ToBeHiddenAsync();
    }

    // Times go on between two looks.
    private static string Steady(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"for \d.*? s", "for a while");

    private async Task<JsonElement> Ask(string url) =>
        JsonDocument.Parse(await Site.System.Api.GetStringAsync(new Uri(url, UriKind.Relative))).RootElement;
}
