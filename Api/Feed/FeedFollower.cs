using Streams.Api.Telemetry;

namespace Streams.Api.Feed;

/// <summary>Polls the cluster's feed for as long as the process lives, and fills the <see cref="FeedMirror"/>.</summary>
internal sealed partial class FeedFollower : BackgroundService
{
    private static readonly TimeSpan EmptyPageDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CallTimeout = IFeedGrain.LongestWait + TimeSpan.FromSeconds(5);

    /// <summary>How often the feed is asked for progress while there are clients; shorter than it remembers that.</summary>
    private static readonly TimeSpan WatchPeriod = IFeedGrain.WatchLasts / 3;

    private readonly IGrainFactory _grains;
    private readonly FeedMirror _mirror;
    private readonly ApiInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger<FeedFollower> _logger;

    public FeedFollower(IGrainFactory grains, FeedMirror mirror, ApiInstruments instruments, TimeProvider time, ILogger<FeedFollower> logger)
    {
        (_grains, _mirror, _instruments, _time, _logger) = (grains, mirror, instruments, time, logger);
        instruments.ObserveFeedClients(() => mirror.Clients);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Follow(stoppingToken), WatchForClients(stoppingToken));

    /// <summary>Progress costs most of what the feed costs: silos publish each report only while there are clients.</summary>
    private async Task WatchForClients(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _mirror.HasClients.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
            {
                _grains.GetGrain<IFeedGrain>(IFeedGrain.Key).WatchProgress().Ignore(); // Repeated; whether the feed answers is seen by following it.
                await Task.Delay(WatchPeriod, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Follow(CancellationToken stoppingToken)
    {
        bool isAway = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                FeedPage page = await _grains.GetGrain<IFeedGrain>(IFeedGrain.Key).Next(_mirror.Position).WaitAsync(CallTimeout, _time, stoppingToken);
                _mirror.Receive(page);
                RecordDelays(page);
                isAway = false;
                if (page.Items.IsEmpty)
                {
                    await Task.Delay(EmptyPageDelay, _time, stoppingToken); // A silo that ends answers at once, again and again.
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                if (!isAway)
                {
                    LogAway(failure.Message);
                }

                isAway = true;
                await Task.Delay(RetryDelay, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void RecordDelays(FeedPage page)
    {
        if (!page.IsReset)
        {
            DateTimeOffset now = _time.GetUtcNow();
            foreach (FeedItem item in page.Items)
            {
#pragma warning disable RS0030 // Two processes: this one's clock and the silo's.
                _instruments.RecordFeedDelay(now - item.At);
#pragma warning restore RS0030
            }
        }
    }

    [LoggerMessage(1401, LogLevel.Warning, "The feed of the streams cannot be followed; trying again every second. Clients of the feed see nothing new meanwhile. {Reason}")]
    private partial void LogAway(string reason);
}
