"""The nine transcodes of the specification (sections 10.1 to 10.9), field by field.

A length stands here and nowhere else. `accept_length` is what we accept where tables disagree (decisions F1).
"""

from protocol.prep.codes import (
    ApplicationStatus,
    DemandStatus,
    InvalidType,
    PayType,
    PurchaseType,
    Transcode,
    VerificationStatus,
    WithdrawalType,
)
from protocol.prep.tables.field import Field, Kind, Personal, Table

_TABLES = (
    Table(
        Transcode.APPLICATION,
        request=(
            Field("applicationId", "申请编号", 64),
            Field("supplier", "企业名称", 256),
            Field("socialCreditCode", "供应商统一社会信用代码", 18, accept_length=64),
            Field("legalName", "法人姓名", 20, accept_length=64, personal=Personal.PERSON),
            Field("legalIdNo", "法人身份证号码", 18, personal=Personal.ID_NUMBER),
            Field("supplierAddress", "企业地址", 256, required=False),
            Field("advanceAmount", "预付款申请金额", None, kind=Kind.MONEY),
            Field("contacts", "经办人", 20, accept_length=64, personal=Personal.PERSON),
            Field("contactsWay", "经办人联系方式", 20, personal=Personal.TELEPHONE),
            Field("contractCerNo", "经办人身份证号码", 18, personal=Personal.ID_NUMBER),
            Field("projectCode", "政府采购统一项目编号", 128),
            Field("projectName", "项目名称", 256),
            Field("bidCode", "标段编号", 256),
            Field("bidName", "标段名称", 256),
            Field(
                "purchaseNature",
                "采购品目",
                10,
                values=tuple(PurchaseType),
            ),
            Field("bidDate", "中标日期", 8, kind=Kind.DATE),
            Field("bidAmount", "中标金额", None, kind=Kind.MONEY),
            Field("purchaseName", "采购人名称", 256),
            Field("purchaseSocCode", "采购人组织机构代码", 64),
            Field("guaranteeDate", "担保期限", 10, kind=Kind.MONTHS),
            Field("contractDate", "合同期限", 10, required=False, kind=Kind.MONTHS),
            Field("guaranteeStartDate", "担保时间起期", 20, required=False, kind=Kind.DATE),
            Field("guaranteeEndDate", "担保时间止期", 20, required=False, kind=Kind.DATE),
            Field("ext1", "拓展字段1", 256, required=False),
            Field("ext2", "拓展字段2", 256, required=False),
            Field("ext3", "拓展字段3", 256, required=False),
        ),
    ),
    Table(
        Transcode.APPLICATION_STATUS,
        outbound=True,
        status_field="applicationStatus",
        request=(
            Field("applicationId", "申请编号", 32, echo=True),
            Field(
                "applicationStatus",
                "保函申请状态",
                2,
                values=tuple(ApplicationStatus),
            ),
            Field(
                "failReason",
                "失败原因",
                255,
                required=False,
                present_in=(
                    ApplicationStatus.REJECTED,
                    ApplicationStatus.FAILED,
                    ApplicationStatus.CANCELLATION_REFUSED,
                    ApplicationStatus.SURRENDER_REFUSED,
                ),
                required_in=(
                    ApplicationStatus.REJECTED,
                    ApplicationStatus.FAILED,
                ),
            ),
            Field("guaranteeId", "保函唯一标识", 64, present_in=(ApplicationStatus.ISSUED,)),
            Field("guaranteeAmt", "担保金额", 64, kind=Kind.MONEY, present_in=(ApplicationStatus.ISSUED,)),
            Field("validTimeStart", "保函生效时间起", 20, kind=Kind.DATETIME, present_in=(ApplicationStatus.ISSUED,)),
            Field("validTimeEnd", "保函生效时间止", 20, kind=Kind.DATETIME, present_in=(ApplicationStatus.ISSUED,)),
            Field("letterOfTime", "出函时间", 20, kind=Kind.DATETIME, present_in=(ApplicationStatus.ISSUED,)),
            Field("companyName", "企业名称", 50, present_in=(ApplicationStatus.ISSUED,)),
            Field("payTime", "支付时间", 20, kind=Kind.DATETIME, present_in=(ApplicationStatus.PAID,)),
            Field("payAmt", "支付金额", 64, kind=Kind.MONEY, present_in=(ApplicationStatus.PAID,)),
            Field(
                "payType",
                "支付方式",
                2,
                values=tuple(PayType),
                present_in=(ApplicationStatus.PAID,),
            ),
        ),
    ),
    Table(
        Transcode.FETCH_FILE,
        digital=True,
        request=(Field("applicationId", "申请编号", 32, accept_length=64),),
        answer=(
            Field("guaranteeFileName", "文件名", 255),
            Field("guaranteeFileContext", "电子保函文本", None, kind=Kind.BASE64),
        ),
    ),
    Table(
        Transcode.VERIFY_FILE,
        digital=True,
        request=(
            Field("guaranteeId", "保函唯一标识", 64),
            Field("guaranteeData", "保函文件", None, kind=Kind.BASE64),
        ),
        answer=(
            Field("guaranteeId", "保函唯一标识", 64),
            Field(
                "status",
                "验签状态",
                10,
                values=tuple(VerificationStatus),
            ),
            Field("certNum", "证书序列号", 150, may_be_blank=True),
            Field("certOwner", "证书所有者", 100, may_be_blank=True),
            Field("certBeginTime", "证书有效期开始时间", 20, kind=Kind.DAY, may_be_blank=True),
            Field("certEndTime", "证书有效期截止时间", 20, kind=Kind.DAY, may_be_blank=True),
            Field("certAuthor", "证书颁发者", 100, may_be_blank=True),
            Field("signTime", "签章时间", 20, kind=Kind.DATETIME, may_be_blank=True),
        ),
    ),
    Table(
        Transcode.DEMAND,
        never_refused=True,
        request=(
            Field("guaranteeId", "保函唯一标识", 32, accept_length=64),
            Field("bidNum", "标段编号", 128, accept_length=256),
            Field("projectName", "项目名称", 128, accept_length=256),
            Field("projectCode", "政府采购统一项目编号", 50, accept_length=128),
            Field("companyName", "企业名称", 255, accept_length=256),
            Field("socialCreditCode", "企业统一社会信用代码", 64),
            Field("purchaseName", "采购人名称", 256),
            Field("purchaseSocCode", "采购人组织机构代码", 64),
            Field("claimAmount", "索赔金额", 64, kind=Kind.MONEY),
            Field("claimReason", "索赔理由", 255),
            Field("openBank", "索赔机构开户行", 255),
            Field("bankAccount", "索赔机构开户账户", 255, personal=Personal.ACCOUNT),
            Field("contract", "索赔发起人", 255, personal=Personal.PERSON),
            Field("contractway", "发起人联系方式", 50, personal=Personal.TELEPHONE),
            Field("contractCertCode", "发起人身份证号码", 18, personal=Personal.ID_NUMBER),
        ),
    ),
    Table(
        Transcode.DEMAND_STATUS,
        outbound=True,
        status_field="status",
        request=(
            Field("guaranteeId", "保函唯一标识", 64),
            Field(
                "status",
                "理赔状态",
                10,
                values=tuple(DemandStatus),
            ),
            Field(
                "paymentMoney",
                "理赔金额",
                64,
                required=False,
                kind=Kind.MONEY,
                present_in=(DemandStatus.PAID,),
                required_in=(DemandStatus.PAID,),
            ),
            Field("paymentBeneficiary", "理赔受益人", 25, required=False, present_in=(DemandStatus.PAID,)),
            Field(
                "paymentBeneficiarySocial",
                "理赔受益人组织机构代码",
                64,
                required=False,
                present_in=(DemandStatus.PAID,),
            ),
            Field(
                "paymentTime",
                "理赔时间",
                20,
                required=False,
                kind=Kind.DATETIME,
                present_in=(DemandStatus.PAID,),
                required_in=(DemandStatus.PAID,),
            ),
        ),
    ),
    Table(
        Transcode.CANCELLATION,
        request=(
            Field("guaranteeId", "保函唯一标识", 64),
            Field("invalidTime", "保函失效时间", 20, kind=Kind.DATETIME),
            Field(
                "invalidType",
                "保函失效类型",
                10,
                values=tuple(InvalidType),
            ),
            Field("remark", "预留字段", 1024, required=False),
        ),
    ),
    Table(
        Transcode.CANCELLATION_OUTCOME,
        outbound=True,
        request=(
            Field("guaranteeId", "保函唯一标识", 64),
            Field("cancelDate", "注销时间", 20, kind=Kind.DATETIME),
            Field("cancelNotice", "注销通知文本", 200, required=False),
        ),
    ),
    Table(
        Transcode.WITHDRAWAL,
        request=(
            Field("applicationId", "申请编号", 64),
            Field(
                "applicationType",
                "申请类型",
                40,
                values=tuple(WithdrawalType),
            ),
            Field("refundReason", "原因", 1000, required=False),
        ),
    ),
)

#: Each table by its transcode, in the order of the specification.
TABLES: dict[str, Table] = {table.transcode: table for table in _TABLES}
