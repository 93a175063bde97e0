"""Make the bucket that the settings name, unless it is there, and have half-sent uploads thrown away after a day."""

from __future__ import annotations

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from studyteddy.entrypoints.settings import load_settings

settings = load_settings()
if not settings.s3_bucket or not settings.s3_access_key or not settings.s3_secret_key:
    raise SystemExit("S3_BUCKET, S3_ACCESS_KEY and S3_SECRET_KEY say which bucket to make, and as whom.")
store = boto3.client(
    "s3",
    region_name=settings.s3_region,
    endpoint_url=settings.s3_endpoint_url,
    aws_access_key_id=settings.s3_access_key.get_secret_value(),
    aws_secret_access_key=settings.s3_secret_key.get_secret_value(),
    config=Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required"),
)
try:
    store.head_bucket(Bucket=settings.s3_bucket)
    print(f"The bucket {settings.s3_bucket} is there.")
except ClientError as error:
    if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
        raise
    store.create_bucket(Bucket=settings.s3_bucket)
    print(f"The bucket {settings.s3_bucket} was made.")
rule = {
    "ID": "half-sent",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
}
try:
    store.put_bucket_lifecycle_configuration(Bucket=settings.s3_bucket, LifecycleConfiguration={"Rules": [rule]})
except ClientError as error:
    print(f"The store takes no rule for half-sent uploads, which stay ({error.response['Error']['Code']}).")
