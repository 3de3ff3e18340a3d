using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Streams.Page.Tests;

/// <summary>Problems of a stream, as the open table and page show them.</summary>
public sealed partial class TroublePageTests(PageSystem page) : PageTest(page)
{
    [Fact]
    public async Task A_slow_worker_is_marked_with_its_speed_and_its_page_says_what_to_do()
    {
        await using Visit visit = await Site.Visit();
        await using Visit table = await Site.Visit();
        await table.Page.GotoAsync("/");
        string id = await Site.RunAs(PageSystem.SlowProfile, "slow");
        await Site.System.WaitForFrames(id);
        await visit.Page.GotoAsync($"/streams/{id}");
        await Expect(visit.Page.Locator("#trouble")).ToBeEmptyAsync();

        await Expect(table.Cell(id, "slow")).ToHaveTextAsync(SlowMark());
        await Expect(table.Page.Locator("#announcements")).ToContainTextAsync($"{id}: slow");
        await Expect(table.Cell(id, "phase")).ToHaveTextAsync("Running");
        await Expect(visit.Page.Locator("#state .mark[data-f=slow]")).ToHaveTextAsync(SlowMark());
        ILocator notice = visit.Page.Locator("#trouble .banner");
        await Expect(notice).ToContainTextAsync("Choose a lighter profile, or run fewer streams on this machine, or ask the publisher");
        await Expect(visit.Page.Locator("#facts")).ToContainTextAsync(PageSystem.SlowProfile);

        // It stays one that runs: another worker would be as slow.
        Assert.Equal(1, (await Site.System.Status(id))!.Value.GetProperty("generation").GetInt64());
    }

    [Fact]
    public async Task Publishers_that_contend_are_marked_and_named()
    {
        await using Visit visit = await Site.Visit();
        await using Visit table = await Site.Visit();
        await table.Page.GotoAsync("/");
        string id = await Site.Contest("contest");
        await Expect(table.Cell(id, "contested")).ToHaveTextAsync("contested");
        await visit.Page.GotoAsync($"/streams/{id}");
        ILocator notice = visit.Page.Locator("#trouble .banner", new() { HasText = "Contested." });
        await Expect(notice).ToContainTextAsync("Let only one of them publish.");
        await Expect(notice.Locator("code").Nth(1)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_failed_stream_says_what_failed_and_when_it_is_tried_again()
    {
        await using Visit visit = await Site.Visit();
        await using Visit table = await Site.Visit();
        await table.Page.GotoAsync("/");
        string id = await Site.RunAs(PageSystem.HostileProfile, "down");
        await visit.Page.GotoAsync($"/streams/{id}");
        ILocator notice = visit.Page.Locator("#trouble .banner");
        await Expect(notice).ToContainTextAsync("It is tried again at");
        await Expect(notice.Locator("dd").Nth(0)).ToContainTextAsync("(run 4, Failed)");
        await Expect(notice.Locator("dd").Nth(1)).ToContainTextAsync(PageSystem.Hostile);
        await Expect(notice.Locator("dt").Nth(2)).ToHaveTextAsync("What to do");
        await Expect(table.Cell(id, "phase")).ToHaveTextAsync("Failed");
        await Expect(table.Cell(id, "note")).ToHaveTextAsync(RetryNote());
    }

    [Fact]
    public async Task A_profile_is_chosen_for_a_stream_that_nobody_has_published_yet()
    {
        await using Visit visit = await Site.Visit(new() { JavaScriptEnabled = false });
        visit.Expected.Add("404");
        string id = Streams.Testing.TestStream.NewId("ahead");
        await visit.Page.GotoAsync($"/streams/{id}");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Choose its profile before the first publish" }).ClickAsync();
        await visit.Page.GetByLabel("Profile", new() { Exact = true }).SelectOptionAsync(PageSystem.SlowProfile);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Change profile" }).ClickAsync();
        await Expect(visit.Page.Locator("#state .phase")).ToHaveTextAsync("Offline");
        await Expect(visit.Page.Locator("#facts")).ToContainTextAsync(PageSystem.SlowProfile);
    }

    [GeneratedRegex(@"^slow 0\.[3-6]\d×$")]
    private static partial Regex SlowMark();

    [GeneratedRegex(@"^retry in \d+ s$")]
    private static partial Regex RetryNote();
}
