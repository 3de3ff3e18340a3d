using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Streams.Testing;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Streams.Page.Tests;

/// <summary>What the audience got, as a stream's page shows it: the band over the day, and whether it stays connected.</summary>
public sealed partial class AudiencePageTests(PageSystem page) : PageTest(page)
{
    [Fact]
    public async Task The_band_follows_the_stream_while_somebody_looks_and_tells_it_in_words_too()
    {
        await using Visit visit = await Site.Visit();
        string id = (await Site.Run(1, "band"))[0];
        await visit.Page.GotoAsync($"/streams/{id}");
        ILocator band = visit.Page.Locator("#band");
        await Expect(band.GetByRole(AriaRole.Img)).ToHaveAttributeAsync("aria-label", LiveOnly());
        await Expect(Parts(band, "Live")).ToHaveCountAsync(1);
        await Expect(Parts(band, "Dark")).ToHaveCountAsync(0);

        Processes.Signal(StreamsSystem.Pid((await Site.System.Status(id))!.Value), Processes.KillSignal);
        await Site.System.WaitForFrames(id, 2);
        await Expect(Parts(band, "Dark")).ToHaveCountAsync(1);
        await Expect(Parts(band, "Live")).ToHaveCountAsync(2);

        await Order(id, "stop");
        await Expect(Parts(band, "Stopped")).ToHaveCountAsync(1);
        await Expect(band.Locator(".band-key li").Filter(new() { HasText = "dark, nothing came" })).ToContainTextAsync(Seconds());
        await Expect(band.Locator(".band-key li").Filter(new() { HasText = "stopped by an operator" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Heights_tell_the_parts_apart_without_colours_and_a_moment_is_wide_enough_to_be_seen()
    {
        await using Visit visit = await Site.Visit(new() { ForcedColors = ForcedColors.Active });
        string id = (await Site.Run(1, "heights"))[0];
        Processes.Signal(StreamsSystem.Pid((await Site.System.Status(id))!.Value), Processes.KillSignal);
        await Site.System.WaitForFrames(id, 2);
        await visit.Page.GotoAsync($"/streams/{id}");
        LocatorBoundingBoxResult live = (await Parts(visit.Page.Locator("#band"), "Live").First.BoundingBoxAsync())!;
        LocatorBoundingBoxResult dark = (await Parts(visit.Page.Locator("#band"), "Dark").BoundingBoxAsync())!;
        Assert.True(live.Height > 2 * dark.Height, $"{live.Height} and {dark.Height}");
        Assert.InRange(dark.Width, 1.5, 40);
        Assert.InRange(live.Y + live.Height, dark.Y + dark.Height - 0.5, dark.Y + dark.Height + 0.5); // On one base line.
    }

    [Fact]
    public async Task Its_times_are_those_of_the_readers_clock_in_tooltips_and_table()
    {
        await using Visit visit = await Site.Visit(new() { TimezoneId = "Asia/Kathmandu" });
        string id = (await Site.Run(1, "zone"))[0];
        await visit.Page.GotoAsync($"/streams/{id}");
        ILocator title = visit.Page.Locator("#band title").Last;
        string from = (await title.GetAttributeAsync("data-from"))!;
        string local = DateTimeOffset.Parse(from, CultureInfo.InvariantCulture).ToOffset(new TimeSpan(5, 45, 0)).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        await Expect(title).ToContainTextAsync($"{local} to ");
        await Expect(title).Not.ToContainTextAsync("UTC");
        await visit.Page.Locator("#band summary").ClickAsync();
        ILocator row = visit.Page.Locator("#band tbody tr").First;
        await Expect(row.Locator("td").Nth(0)).ToContainTextAsync(local);
        await Expect(row.Locator("td").Nth(1)).ToHaveTextAsync("now");
        await Expect(row.Locator("td").Nth(2)).ToHaveTextAsync("live");

        // It stays open, and goes on.
        string before = await Visit.Text(row.Locator("td").Nth(3));
        await Expect(row.Locator("td").Nth(3)).Not.ToHaveTextAsync(before);
        await Expect(visit.Page.Locator("#band details")).ToHaveAttributeAsync("open", "");
    }

    [Fact]
    public async Task A_kept_audience_is_said_to_stay_and_its_slate_is_a_part_of_the_band()
    {
        await using Visit visit = await Site.Visit();
        string id = TestStream.NewId("kept");
        (await Site.System.Api.PutAsJsonAsync(new Uri($"/v1/streams/{id}/profile", UriKind.Relative), new { profile = PageSystem.KeptProfile }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode().Dispose();
        ChildProgram publisher = Site.System.Publish(id);
        await Site.System.WaitForFrames(id);
        await visit.Page.GotoAsync($"/streams/{id}");
        ILocator audience = visit.Page.Locator("#facts [data-key=Audience] dd");
        await Expect(audience).ToHaveTextAsync("stays connected while no worker publishes");
        await Expect(Parts(visit.Page.Locator("#band"), "Live")).ToHaveCountAsync(1);
        publisher.Signal(ChildProgram.Interrupt);
        await Expect(Parts(visit.Page.Locator("#band"), "Slate")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task An_audience_that_is_disconnected_is_said_to_be()
    {
        await using Visit visit = await Site.Visit();
        string id = (await Site.Run(1, "notkept"))[0];
        await visit.Page.GotoAsync($"/streams/{id}");
        await Expect(visit.Page.Locator("#facts [data-key=Audience] dd")).ToHaveTextAsync("is disconnected when the worker ends");
        await Expect(visit.Page.Locator("#facts [data-key=Interruptions] dd")).ToHaveTextAsync("none in this broadcast");
    }

    private static ILocator Parts(ILocator band, string shows) => band.Locator($"svg[role=img] rect.shows[data-shows={shows}]");

    private async Task Order(string id, string command) =>
        (await Site.System.Api.PostAsync(new Uri($"/v1/streams/{id}/{command}", UriKind.Relative), null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode().Dispose();

    [GeneratedRegex("^the last hour: live [0-9]+ s(, offline [0-9]+ s)?$")]
    private static partial Regex LiveOnly();

    [GeneratedRegex("[0-9]+ s")]
    private static partial Regex Seconds();
}
