using System.Net;
using System.Net.Http.Json;
using System.Text;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Traces leave the silo by OTLP.</summary>
public sealed class TraceTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task One_trace_leads_from_the_hook_through_the_API_and_the_stream_to_the_start_of_its_worker()
    {
        await using Collector collector = new();
        Dictionary<string, string> settings = FakeProfile.With("progress");
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url;
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        settings["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, settings);
        string id = TestStream.NewId("trace");
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("/v1/mediamtx/events/ready", UriKind.Relative))
        {
            Headers = { { "traceparent", $"00-{TraceId}-b7ad6b7169203331-01" } },
            Content = JsonContent.Create(new { path = $"live/{id}/in", sourceType = "rtmpConn", sourceId = Guid.NewGuid() }),
        };
        using HttpResponseMessage answer = await system.Api.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);

        // Spans of other traces may stand beside them in the same message: what counts is that all four are there, and that the id is in each.
        await Eventually.True(
            () => new[] { "POST /v1/mediamtx/events/ready", "receive event", "save stream", "start worker" }.All(collector.Has) && collector.CountOf(Convert.FromHexString(TraceId)) >= 4,
            "the four steps of the trace");
    }

    /// <summary>Takes OTLP over HTTP, and keeps the bodies.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly List<byte[]> _traces = [];
        private readonly Lock _lock = new();
        private readonly Task _taking;

        public Collector()
        {
            Url = $"http://127.0.0.1:{FreePorts.Next()}";
            _listener.Prefixes.Add(Url + "/");
            _listener.Start();
            _taking = Take();
        }

        public string Url { get; }

        public bool Has(string text) => CountOf(Encoding.UTF8.GetBytes(text)) > 0;

        public int CountOf(byte[] bytes)
        {
            lock (_lock)
            {
                return _traces.Sum(body => Count(body, bytes));
            }
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _taking;
        }

        private static int Count(ReadOnlySpan<byte> body, ReadOnlySpan<byte> bytes)
        {
            int count = 0;
            for (int at; (at = body.IndexOf(bytes)) >= 0; body = body[(at + bytes.Length)..])
            {
                count++;
            }

            return count;
        }

        private async Task Take()
        {
            try
            {
                while (true)
                {
                    HttpListenerContext context = await _listener.GetContextAsync();
                    using MemoryStream body = new();
                    await context.Request.InputStream.CopyToAsync(body);
                    context.Response.Close();
                    if (context.Request.Url!.AbsolutePath == "/v1/traces")
                    {
                        lock (_lock)
                        {
                            _traces.Add(body.ToArray());
                        }
                    }
                }
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
