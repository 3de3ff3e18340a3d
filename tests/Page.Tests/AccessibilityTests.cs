using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Streams.Testing;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Streams.Page.Tests;

/// <summary>Accessibility: axe's rules in light and in dark, and a phone's narrow screen.</summary>
public sealed class AccessibilityTests(PageSystem page) : PageTest(page)
{
    [Fact]
    public async Task No_page_breaks_a_rule_of_axe_in_light_or_dark()
    {
        await using Visit visit = await Site.Visit();
        (string running, string ended) = await RunTwo();
        await visit.Page.GotoAsync("/?q=axe");
        await Expect(visit.Cell(running, "phase")).ToHaveTextAsync("Running");
        await Check(visit.Page);
        await visit.Page.GotoAsync($"/streams/{ended}");
        await Expect(visit.Page.Locator("[data-chart=fps] svg")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("."));
        await visit.Page.Locator("#timeline summary").First.ClickAsync();
        await Check(visit.Page);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Change profile…" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        Report(visit.Page, await visit.Page.RunAxe());
    }

    [Fact]
    public async Task No_trouble_breaks_a_rule_of_axe_in_light_or_dark()
    {
        await using Visit visit = await Site.Visit();
        string slow = await Site.RunAs(PageSystem.SlowProfile, "axe-slow");
        string failed = await Site.RunAs(PageSystem.HostileProfile, "axe-failed");
        string contested = await Site.Contest("axe-contest");
        await visit.Page.GotoAsync("/?q=axe-");
        await Expect(visit.Cell(contested, "contested")).ToHaveTextAsync("contested");
        await Expect(visit.Cell(slow, "slow")).ToContainTextAsync("slow");
        await Expect(visit.Cell(failed, "phase")).ToHaveTextAsync("Failed");
        await Check(visit.Page);
        foreach (string id in (string[])[slow, failed, contested])
        {
            await visit.Page.GotoAsync($"/streams/{id}");
            await Expect(visit.Page.Locator("#trouble .banner").First).ToBeVisibleAsync();
            await Check(visit.Page);
        }
    }

    [Fact]
    public async Task Light_and_dark_differ()
    {
        await using Visit light = await Site.Visit(new() { ColorScheme = ColorScheme.Light });
        await using Visit dark = await Site.Visit(new() { ColorScheme = ColorScheme.Dark });
        await light.Page.GotoAsync("/");
        await dark.Page.GotoAsync("/");
        Assert.Equal("rgb(243, 245, 248)", await Background(light.Page));
        Assert.Equal("rgb(13, 17, 23)", await Background(dark.Page));
    }

    [Fact]
    public async Task No_width_needs_scrolling_sideways()
    {
        await using Visit visit = await Site.Visit(new() { IsMobile = true, HasTouch = true });
        (string running, string ended) = await RunTwo();
        foreach (string url in (string[])["/", $"/streams/{ended}", $"/streams/{running}/profile"])
        {
            await visit.Page.GotoAsync(url);
            foreach (int width in (int[])[360, 768, 1040, 1280])
            {
                await visit.Page.SetViewportSizeAsync(width, 740);
                int wider = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                Assert.True(wider <= 0, $"{url} is {wider} pixels too wide for {width}.");
            }
        }
    }

    [Fact]
    public async Task On_a_phone_the_table_is_cards_that_name_each_value()
    {
        await using Visit visit = await Site.Visit(new() { ViewportSize = new() { Width = 360, Height = 740 }, IsMobile = true, HasTouch = true });
        string id = (await Site.Run(1, "phone"))[0];
        await visit.Page.GotoAsync("/");
        await Expect(visit.Cell(id, "fps")).ToBeVisibleAsync();
        string label = await visit.Cell(id, "fps").EvaluateAsync<string>("cell => getComputedStyle(cell, '::before').content");
        Assert.Contains("Frames/s", label, StringComparison.Ordinal);
    }

    private static Task<string> Background(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    // In the dark only what depends on colours can differ.
    private static async Task Check(IPage page)
    {
        // Colours that are on their way from light to dark are no contrast of either.
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce });
        Report(page, await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] } }));
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        Report(page, await page.RunAxe());
    }

    private static void Report(IPage page, AxeResult result) => Assert.True(
        result.Violations.Length == 0,
        $"{page.Url}\n" + string.Join('\n', result.Violations.Select(static broken => $"{broken.Id}: {broken.Help}\n  {string.Join("\n  ", broken.Nodes.Select(static node => node.Html))}")));

    /// <summary>One that runs, and one whose worker was killed and whose publisher has gone: with a past to show.</summary>
    private async Task<(string Running, string Ended)> RunTwo()
    {
        string[] ids = await Site.Run(2, "axe");
        Processes.Signal(StreamsSystem.Pid((await Site.System.Status(ids[1]))!.Value), Processes.KillSignal);
        await Site.System.WaitForPhase(ids[1], "Backoff");
        await Site.System.Media.EndSynthetic(ids[1]);
        await Site.System.WaitForPhase(ids[1], "Offline");
        return (ids[0], ids[1]);
    }
}
