using System.Text.Json;
using MediaMtx.Standin.Faults;

namespace MediaMtx.Standin.Http;

/// <summary>A fault as <c>GET /standin/faults</c> shows it.</summary>
internal sealed record FaultView(Fault Fault, int Used);

/// <summary>Orders (POST), shows (GET) and clears (DELETE) faults at <c>/standin/faults</c>, with the Control API's credentials.</summary>
internal sealed class FaultsApi(ServerContext context)
{
    public Task Handle(HttpContext http) => (http.Request.Method, http.Request.Path.Value) switch
    {
        ("GET", "/standin/faults") => Answers.Value(
            http, context.Faults.Faults.Select(fault => new FaultView(fault.Fault, fault.Used)).ToList()),
        ("POST", "/standin/faults") => Order(http),
        ("DELETE", "/standin/faults") => Clear(http),
        _ => Answers.NotFound(http),
    };

    private async Task Order(HttpContext http)
    {
        List<Fault> faults;
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            faults = body.RootElement.ValueKind == JsonValueKind.Array
                ? body.RootElement.Deserialize<List<Fault>>(Answers.Json) ?? []
                : [body.RootElement.Deserialize<Fault>(Answers.Json) ?? throw new JsonException("no fault")];
        }
        catch (JsonException invalid)
        {
            await Answers.Error(http, StatusCodes.Status400BadRequest, invalid.Message);
            return;
        }

        if (faults.Select(fault => fault.Validate()).FirstOrDefault(wrong => wrong is not null) is string wrong)
        {
            await Answers.Error(http, StatusCodes.Status400BadRequest, wrong);
            return;
        }

        context.Faults.Add(faults, [.. context.Paths.Snapshot().Select(ApiViews.Of)]);
        foreach (Fault fault in faults)
        {
            context.Log.Warn($"[standin] fault ordered: {fault.Kind} on {fault.Path ?? "every path"}");
        }

        await Answers.Ok(http);
    }

    private Task Clear(HttpContext http)
    {
        context.Faults.Clear();
        context.Log.Warn("[standin] faults cleared");
        return Answers.Ok(http);
    }
}
