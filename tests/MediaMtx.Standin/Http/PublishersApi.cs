using System.Text.Json;
using MediaMtx.Standin.Faults;

namespace MediaMtx.Standin.Http;

/// <summary>The body of <c>POST /standin/publishers</c>.</summary>
internal sealed record PublisherOrder(string Path, string Query = "");

/// <summary>Its answer.</summary>
internal sealed record PublisherStarted(Guid SourceId);

/// <summary>Starts (POST) and ends (DELETE, with <c>?path=</c>) synthetic publishers at <c>/standin/publishers</c>.</summary>
internal sealed class PublishersApi(SyntheticPublishers publishers)
{
    public Task Handle(HttpContext http) => http.Request.Method switch
    {
        "POST" => Start(http),
        "DELETE" => publishers.End(http.Request.Query["path"].ToString())
            ? Answers.Ok(http)
            : Answers.Error(http, StatusCodes.Status404NotFound, "no synthetic publisher on that path"),
        _ => Answers.NotFound(http),
    };

    private async Task Start(HttpContext http)
    {
        PublisherOrder? order;
        try
        {
            order = await JsonSerializer.DeserializeAsync<PublisherOrder>(http.Request.Body, Answers.Json, http.RequestAborted);
        }
        catch (JsonException invalid)
        {
            await Answers.Error(http, StatusCodes.Status400BadRequest, invalid.Message);
            return;
        }

        (Guid? id, string error) = publishers.Start(order?.Path ?? "", order?.Query ?? "");
        await (id is Guid sourceId
            ? Answers.Value(http, new PublisherStarted(sourceId))
            : Answers.Error(http, StatusCodes.Status400BadRequest, error));
    }
}
