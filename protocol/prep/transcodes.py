"""The nine transcodes of the specification (sections 10.1 to 10.9), field by field, each with the fact that is ours.

A length stands here and nowhere else. `accept_length` is what we accept where tables disagree (decisions F1).
"""

from protocol.prep.codes import (
    ApplicationStatus,
    DemandStatus,
    InvalidType,
    PayType,
    PurchaseType,
    VerificationStatus,
    WithdrawalType,
)
from protocol.tables.field import Field, Kind, Personal, Table
from protocol.vocabulary import ApplicationOutcome, DemandOutcome, Transcode

_TABLES = (
    Table(
        Transcode.APPLICATION,
        request=(
            Field("applicationId", "order_number", "申请编号", 64),
            Field("supplier", "applicant_name", "企业名称", 256),
            Field("socialCreditCode", "applicant_code", "供应商统一社会信用代码", 18, accept_length=64),
            Field("legalName", "legal_name", "法人姓名", 20, accept_length=64, personal=Personal.PERSON),
            Field("legalIdNo", "legal_id_number", "法人身份证号码", 18, personal=Personal.ID_NUMBER),
            Field("supplierAddress", "applicant_address", "企业地址", 256, required=False),
            Field("advanceAmount", "advance_amount", "预付款申请金额", None, kind=Kind.MONEY),
            Field("contacts", "agent_name", "经办人", 20, accept_length=64, personal=Personal.PERSON),
            Field("contactsWay", "agent_phone", "经办人联系方式", 20, personal=Personal.TELEPHONE),
            Field("contractCerNo", "agent_id_number", "经办人身份证号码", 18, personal=Personal.ID_NUMBER),
            Field("projectCode", "project_code", "政府采购统一项目编号", 128),
            Field("projectName", "project_name", "项目名称", 256),
            Field("bidCode", "section_code", "标段编号", 256),
            Field("bidName", "section_name", "标段名称", 256),
            Field(
                "purchaseNature",
                "purchase_nature",
                "采购品目",
                10,
                codes=tuple(PurchaseType),
            ),
            Field("bidDate", "award_date", "中标日期", 8, kind=Kind.DATE),
            Field("bidAmount", "award_amount", "中标金额", None, kind=Kind.MONEY),
            Field("purchaseName", "beneficiary_name", "采购人名称", 256),
            Field("purchaseSocCode", "beneficiary_code", "采购人组织机构代码", 64),
            Field("guaranteeDate", "guarantee_months", "担保期限", 10, kind=Kind.MONTHS),
            Field("contractDate", "contract_months", "合同期限", 10, required=False, kind=Kind.MONTHS),
            Field("guaranteeStartDate", "start_date", "担保时间起期", 20, required=False, kind=Kind.DATE),
            Field("guaranteeEndDate", "end_date", "担保时间止期", 20, required=False, kind=Kind.DATE),
            Field("ext1", "ext1", "拓展字段1", 256, required=False),
            Field("ext2", "ext2", "拓展字段2", 256, required=False),
            Field("ext3", "ext3", "拓展字段3", 256, required=False),
        ),
    ),
    Table(
        Transcode.APPLICATION_STATUS,
        request=(
            Field("applicationId", "order_number", "申请编号", 32, echo=True),
            Field(
                "applicationStatus",
                "status",
                "保函申请状态",
                2,
                codes=tuple(ApplicationStatus),
            ),
            Field(
                "failReason",
                "reason",
                "失败原因",
                255,
                required=False,
                present_in=(
                    ApplicationOutcome.REJECTED,
                    ApplicationOutcome.FAILED,
                    ApplicationOutcome.CANCELLATION_REFUSED,
                    ApplicationOutcome.SURRENDER_REFUSED,
                ),
                required_in=(
                    ApplicationOutcome.REJECTED,
                    ApplicationOutcome.FAILED,
                ),
            ),
            Field("guaranteeId", "guarantee_number", "保函唯一标识", 64, present_in=(ApplicationOutcome.ISSUED,)),
            Field("guaranteeAmt", "amount", "担保金额", 64, kind=Kind.MONEY, present_in=(ApplicationOutcome.ISSUED,)),
            Field(
                "validTimeStart",
                "valid_from",
                "保函生效时间起",
                20,
                kind=Kind.DATETIME,
                present_in=(ApplicationOutcome.ISSUED,),
            ),
            Field(
                "validTimeEnd",
                "valid_until",
                "保函生效时间止",
                20,
                kind=Kind.DATETIME,
                present_in=(ApplicationOutcome.ISSUED,),
            ),
            Field(
                "letterOfTime", "issued_at", "出函时间", 20, kind=Kind.DATETIME, present_in=(ApplicationOutcome.ISSUED,)
            ),
            Field("companyName", "applicant_name", "企业名称", 50, present_in=(ApplicationOutcome.ISSUED,)),
            Field("payTime", "paid_at", "支付时间", 20, kind=Kind.DATETIME, present_in=(ApplicationOutcome.PAID,)),
            Field("payAmt", "premium", "支付金额", 64, kind=Kind.MONEY, present_in=(ApplicationOutcome.PAID,)),
            Field(
                "payType",
                "means",
                "支付方式",
                2,
                codes=tuple(PayType),
                present_in=(ApplicationOutcome.PAID,),
            ),
        ),
    ),
    Table(
        Transcode.FETCH_FILE,
        request=(Field("applicationId", "order_number", "申请编号", 32, accept_length=64),),
        answer=(
            Field("guaranteeFileName", "file_name", "文件名", 255),
            Field("guaranteeFileContext", "file", "电子保函文本", None, kind=Kind.BASE64),
        ),
    ),
    Table(
        Transcode.VERIFY_FILE,
        request=(
            Field("guaranteeId", "guarantee_number", "保函唯一标识", 64),
            Field("guaranteeData", "file", "保函文件", None, kind=Kind.BASE64),
        ),
        answer=(
            Field("guaranteeId", "guarantee_number", "保函唯一标识", 64),
            Field(
                "status",
                "status",
                "验签状态",
                10,
                codes=tuple(VerificationStatus),
            ),
            Field("certNum", "certificate_number", "证书序列号", 150, may_be_blank=True),
            Field("certOwner", "certificate_owner", "证书所有者", 100, may_be_blank=True),
            Field("certBeginTime", "certificate_from", "证书有效期开始时间", 20, kind=Kind.DAY, may_be_blank=True),
            Field("certEndTime", "certificate_until", "证书有效期截止时间", 20, kind=Kind.DAY, may_be_blank=True),
            Field("certAuthor", "certificate_issuer", "证书颁发者", 100, may_be_blank=True),
            Field("signTime", "signed_at", "签章时间", 20, kind=Kind.DATETIME, may_be_blank=True),
        ),
    ),
    Table(
        Transcode.DEMAND,
        request=(
            Field("guaranteeId", "guarantee_number", "保函唯一标识", 32, accept_length=64),
            Field("bidNum", "section_code", "标段编号", 128, accept_length=256),
            Field("projectName", "project_name", "项目名称", 128, accept_length=256),
            Field("projectCode", "project_code", "政府采购统一项目编号", 50, accept_length=128),
            Field("companyName", "applicant_name", "企业名称", 255, accept_length=256),
            Field("socialCreditCode", "applicant_code", "企业统一社会信用代码", 64),
            Field("purchaseName", "beneficiary_name", "采购人名称", 256),
            Field("purchaseSocCode", "beneficiary_code", "采购人组织机构代码", 64),
            Field("claimAmount", "amount", "索赔金额", 64, kind=Kind.MONEY),
            Field("claimReason", "reason", "索赔理由", 255),
            Field("openBank", "bank", "索赔机构开户行", 255),
            Field("bankAccount", "account", "索赔机构开户账户", 255, personal=Personal.ACCOUNT),
            Field("contract", "claimant", "索赔发起人", 255, personal=Personal.PERSON),
            Field("contractway", "claimant_phone", "发起人联系方式", 50, personal=Personal.TELEPHONE),
            Field("contractCertCode", "claimant_id_number", "发起人身份证号码", 18, personal=Personal.ID_NUMBER),
        ),
    ),
    Table(
        Transcode.DEMAND_STATUS,
        request=(
            Field("guaranteeId", "guarantee_number", "保函唯一标识", 64),
            Field(
                "status",
                "status",
                "理赔状态",
                10,
                codes=tuple(DemandStatus),
            ),
            Field(
                "paymentMoney",
                "amount",
                "理赔金额",
                64,
                required=False,
                kind=Kind.MONEY,
                present_in=(DemandOutcome.PAID,),
                required_in=(DemandOutcome.PAID,),
            ),
            Field(
                "paymentBeneficiary",
                "beneficiary_name",
                "理赔受益人",
                25,
                required=False,
                present_in=(DemandOutcome.PAID,),
            ),
            Field(
                "paymentBeneficiarySocial",
                "beneficiary_code",
                "理赔受益人组织机构代码",
                64,
                required=False,
                present_in=(DemandOutcome.PAID,),
            ),
            Field(
                "paymentTime",
                "paid_at",
                "理赔时间",
                20,
                required=False,
                kind=Kind.DATETIME,
                present_in=(DemandOutcome.PAID,),
                required_in=(DemandOutcome.PAID,),
            ),
        ),
    ),
    Table(
        Transcode.CANCELLATION,
        request=(
            Field("guaranteeId", "guarantee_number", "保函唯一标识", 64),
            Field("invalidTime", "invalid_time", "保函失效时间", 20, kind=Kind.DATETIME),
            Field(
                "invalidType",
                "kind",
                "保函失效类型",
                10,
                codes=tuple(InvalidType),
            ),
            Field("remark", "remark", "预留字段", 1024, required=False),
        ),
    ),
    Table(
        Transcode.CANCELLATION_OUTCOME,
        request=(
            Field("guaranteeId", "guarantee_number", "保函唯一标识", 64),
            Field("cancelDate", "cancelled_at", "注销时间", 20, kind=Kind.DATETIME),
            Field("cancelNotice", "notice", "注销通知文本", 200, required=False),
        ),
    ),
    Table(
        Transcode.WITHDRAWAL,
        request=(
            Field("applicationId", "order_number", "申请编号", 64),
            Field(
                "applicationType",
                "kind",
                "申请类型",
                40,
                codes=tuple(WithdrawalType),
            ),
            Field("refundReason", "reason", "原因", 1000, required=False),
        ),
    ),
)

#: Each table by its transcode, in the order of the specification.
TABLES: dict[str, Table] = {table.transcode: table for table in _TABLES}
