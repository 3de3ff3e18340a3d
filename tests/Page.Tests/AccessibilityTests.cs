using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Streams.Testing;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Streams.Page.Tests;

/// <summary>The pages for everybody: axe's rules in light and in dark, and a phone's narrow screen.</summary>
[Collection(PageCollection.Name)]
public sealed class AccessibilityTests(PageSystem page)
{
    [Fact]
    public async Task No_page_breaks_a_rule_of_axe_in_light_or_dark()
    {
        await using Visit visit = await page.Visit();
        (string running, string ended) = await RunTwo();
        await visit.Page.GotoAsync("/");
        await Expect(visit.Cell(running, "phase")).ToHaveTextAsync("Running");
        await Check(visit.Page);
        await visit.Page.GotoAsync($"/streams/{running}");
        await Expect(visit.Page.Locator("[data-chart=fps] svg")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("."));
        await Check(visit.Page);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Change profile…" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await Check(visit.Page);
        await visit.Page.GotoAsync($"/streams/{ended}");
        await Check(visit.Page);
        await visit.Page.GotoAsync($"/streams/{ended}/stop");
        await Check(visit.Page);
    }

    [Fact]
    public async Task Light_and_dark_differ()
    {
        await using Visit light = await page.Visit(new() { ColorScheme = ColorScheme.Light });
        await using Visit dark = await page.Visit(new() { ColorScheme = ColorScheme.Dark });
        await light.Page.GotoAsync("/");
        await dark.Page.GotoAsync("/");
        Assert.Equal("rgb(243, 245, 248)", await Background(light.Page));
        Assert.Equal("rgb(13, 17, 23)", await Background(dark.Page));
    }

    [Theory]
    [InlineData(360, true)]
    [InlineData(768, true)]
    [InlineData(1040, false)]
    [InlineData(1280, false)]
    public async Task No_width_needs_scrolling_sideways(int width, bool hasCards)
    {
        await using Visit visit = await page.Visit(new() { ViewportSize = new() { Width = width, Height = 740 }, HasTouch = hasCards, IsMobile = hasCards });
        visit.Expected.Add("404");
        (string running, string ended) = await RunTwo();
        foreach (string url in (string[])["/", $"/streams/{running}", $"/streams/{ended}", $"/streams/{running}/profile", "/streams/no-such-stream"])
        {
            await visit.Page.GotoAsync(url);
            int wider = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(wider <= 0, $"{url} is {wider} pixels too wide.");
        }

        await visit.Page.GotoAsync("/");
        await Expect(visit.Cell(running, "fps")).ToBeVisibleAsync();
        string label = await visit.Cell(running, "fps").EvaluateAsync<string>("cell => getComputedStyle(cell, '::before').content");
        Assert.Equal(hasCards, label.Contains("Frames/s", StringComparison.Ordinal));
    }

    private static Task<string> Background(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    // In the dark only what depends on colours can differ.
    private static async Task Check(IPage page)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
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
        string[] ids = await page.Run(2, "axe");
        Processes.Signal(StreamsSystem.Pid((await page.System.Status(ids[1]))!.Value), Processes.KillSignal);
        await page.System.WaitForPhase(ids[1], "Backoff");
        await page.System.Media.EndSynthetic(ids[1]);
        await page.System.WaitForPhase(ids[1], "Offline");
        return (ids[0], ids[1]);
    }
}
