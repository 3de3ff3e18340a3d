using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Streams.Page.Tests;

/// <summary>The pages with and without a session.</summary>
public sealed class AccessTests(PageSystem page) : PageTest(page)
{
    [Fact]
    public async Task Who_has_not_signed_in_is_led_there_and_back()
    {
        await using Visit visit = await Site.VisitAnonymously();
        string id = (await Site.Run(1, "door"))[0];
        await visit.Page.GotoAsync($"/streams/{id}");
        Assert.Contains("/sign-in", visit.Page.Url, StringComparison.Ordinal);
        await visit.SignIn(Site.OperatorToken);
        Assert.EndsWith($"/streams/{id}", visit.Page.Url, StringComparison.Ordinal);
        await Expect(visit.Page.Locator(".session")).ToContainTextAsync("the-operator");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await visit.Page.GetByLabel("Access token").WaitForAsync(); // Going on at once could cut the sign-out off.
        await visit.Page.GotoAsync("/");
        Assert.Contains("/sign-in", visit.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_sees_all_and_is_offered_no_command()
    {
        await using Visit visit = await Site.VisitAnonymously();
        string id = (await Site.Run(1, "reader"))[0];
        await visit.SignIn(Site.ReaderToken);
        await Expect(visit.Cell(id, "phase")).ToHaveTextAsync("Running");
        await visit.Page.GotoAsync($"/streams/{id}");
        await Expect(visit.Page.Locator("#state .phase")).ToHaveTextAsync("Running");
        await Expect(visit.Page.Locator("#commands button")).ToHaveCountAsync(0);
        IAPIResponse forced = await visit.Page.Context.APIRequest.PostAsync($"/streams/{id}/stop");
        Assert.Equal(403, forced.Status);
    }

    [Fact]
    public async Task Commands_work_without_https_and_by_another_name_than_localhost()
    {
        await using Visit visit = await Site.VisitAnonymously($"http://{Chromium.PlainName}:{Site.System.ApiPort}");
        visit.Expected.Add("Cross-Origin-Opener-Policy header has been ignored");
        string id = (await Site.Run(1, "plain-http"))[0];
        await visit.SignIn(Site.OperatorToken);
        await visit.Page.GotoAsync($"/streams/{id}/stop");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
        await Site.System.WaitForPhase(id, "Offline");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Resume…" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true }).ClickAsync();
        await Site.System.WaitForFrames(id, 2);
    }
}
