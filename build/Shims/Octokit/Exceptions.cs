using System.Globalization;
using System.Net;

namespace Octokit;

/// <summary>Any answer of GitHub from 400 on.</summary>
public class ApiException(IResponse response) : Exception
{
    public IResponse HttpResponse { get; } = response;

    public HttpStatusCode StatusCode => HttpResponse.StatusCode;

    public ApiError ApiError { get; } = Connection.Error((string)response.Body);

    public override string Message => string.IsNullOrWhiteSpace(ApiError.Message) ? "An error occurred with this API request" : ApiError.Message;
}

/// <summary>401: the token is wrong or too old.</summary>
public class AuthorizationException(IResponse response) : ApiException(response);

/// <summary>404: nothing there, or nothing that this token may see.</summary>
public class NotFoundException(IResponse response) : ApiException(response);

/// <summary>422: the request is understood and refused; ApiError.Errors says why.</summary>
public class ApiValidationException(IResponse response) : ApiException(response);

/// <summary>403.</summary>
public class ForbiddenException(IResponse response) : ApiException(response);

/// <summary>403 because all requests of the hour are used up.</summary>
public class RateLimitExceededException(IResponse response) : ForbiddenException(response)
{
    public DateTimeOffset Reset => DateTimeOffset.FromUnixTimeSeconds(HttpResponse.Headers
        .Where(h => h.Key.Equals("X-RateLimit-Reset", StringComparison.OrdinalIgnoreCase))
        .Select(h => long.TryParse(h.Value, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0).FirstOrDefault());
}

/// <summary>403 because of too many requests at a time.</summary>
public class SecondaryRateLimitExceededException(IResponse response) : ForbiddenException(response);

internal static class Errors
{
    public static ApiException Of(IResponse response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized => new AuthorizationException(response),
        HttpStatusCode.NotFound => new NotFoundException(response),
        HttpStatusCode.UnprocessableEntity => new ApiValidationException(response),
        HttpStatusCode.Forbidden => Forbidden(response),
        _ => new ApiException(response),
    };

    // GitHub tells its kinds of 403 apart by the message alone.
    private static ForbiddenException Forbidden(IResponse response)
    {
        var body = (string)response.Body;
        if (body.Contains("rate limit exceeded", StringComparison.Ordinal)) return new RateLimitExceededException(response);
        return body.Contains("secondary rate limit", StringComparison.Ordinal) ? new SecondaryRateLimitExceededException(response) : new ForbiddenException(response);
    }
}
