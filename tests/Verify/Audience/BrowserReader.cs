using System.Text.Json;
using Microsoft.Playwright;

namespace Streams.Verify.Audience;

/// <summary>Watches the preview of a stream's page in a real browser: its player, which is made of hls.js.</summary>
internal sealed class BrowserReader : IAudienceReader
{
    // So tall that no banner pushes the preview out of it: a browser tells of no picture that nobody could see.
    private static readonly ViewportSize Window = new() { Width = 1280, Height = 2400 };

    private readonly Lock _lock = new();
    private readonly List<SeenFrame> _pictures = [];
    private readonly List<TimeSpan> _losses = [];
    private readonly List<Complaint> _complaints = [];
    private readonly AudienceClock _clock;
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private bool _hasBegun;

    private BrowserReader(AudienceClock clock, IPlaywright playwright, IBrowser browser) => (_clock, _playwright, _browser) = (clock, playwright, browser);

    public string Name => "hls.js";

    public ReaderKind Kind => ReaderKind.Player;

    public ReaderLog Log
    {
        get
        {
            lock (_lock)
            {
                return new ReaderLog { Pictures = [.. _pictures], Losses = [.. _losses], Complaints = [.. _complaints] };
            }
        }
    }

    /// <summary>Opens a stream's page, and shows its output's preview.</summary>
    /// <param name="page">The address of the page.</param>
    /// <param name="clock">The measurement's clock.</param>
    public static async Task<BrowserReader> Open(Uri page, AudienceClock clock)
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = InstalledChromium.Program, Args = InstalledChromium.Arguments });
        BrowserReader reader = new(clock, playwright, browser);
        try
        {
            await reader.Show(page);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private async Task Show(Uri address)
    {
        IBrowserContext context = await _browser.NewContextAsync(new() { ViewportSize = Window });
        await context.ExposeFunctionAsync("audienceSaw", (string report) => Add(JsonSerializer.Deserialize<PlayerReport>(report)!));
        await context.AddInitScriptAsync(scriptPath: Path.Combine(AppContext.BaseDirectory, "Audience", "PlayerPage.js"));
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(address.ToString());
        await page.Locator(".preview").Last.GetByRole(AriaRole.Button).ClickAsync();
    }

    private void Add(PlayerReport report)
    {
        lock (_lock)
        {
            TimeSpan at = At(report.At);
            _pictures.AddRange(report.Shown.Select(picture => new SeenFrame(At(picture[0]), TimeSpan.FromSeconds(picture[1]))));
            if (report.Problem is { } problem)
            {
                _complaints.Add(new Complaint(at, problem));
            }

            if ((report.HasBegun && _hasBegun) || report.Problem is not null)
            {
                _losses.Add(at);
            }

            _hasBegun |= report.HasBegun;
        }
    }

    private TimeSpan At(double milliseconds) => _clock.At(DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds));
}
